// Who to be in a local run: one click per role.
import { Alert, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Right } from "../parts/icons";
import { t } from "../words";
import { signInLocally } from "./oidc";

const ROLES = ["owner", "viewer", "editor", "privacy", "exporter", "reader"] as const;

export function LocalRoles() {
  const [tenant, setTenant] = useState("demo");
  const [failure, setFailure] = useState<string>();
  const signIn = (role: string) => {
    signInLocally(tenant.trim(), role).catch((error: Error) => setFailure(error.message));
  };
  return (
    <Stack gap="sm">
      <Text size="sm">{t("sign_in.local")}</Text>
      {failure && <Alert color="red">{t("sign_in.failed", { reason: failure })}</Alert>}
      <TextInput
        label={t("sign_in.local_tenant")}
        value={tenant}
        onChange={(event) => setTenant(event.currentTarget.value)}
      />
      <div className="roles">
        {ROLES.map((role) => (
          <UnstyledButton key={role} className="role" onClick={() => signIn(role)}>
            <span>
              <strong>{t(`role.${role}`)}</strong>
              <small>{t(`role.${role}.may`)}</small>
            </span>
            <Right size={16} />
          </UnstyledButton>
        ))}
      </div>
    </Stack>
  );
}
