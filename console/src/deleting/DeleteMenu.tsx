// What cannot be undone has a menu of its own, for whoever may.
import { ActionIcon, Menu } from "@mantine/core";
import { Suspense, useState } from "react";
import { useMe } from "../api/queries";
import type { KindName } from "../api/types";
import { Bin, Dots } from "../parts/icons";
import { later, t } from "../words";

const DeleteAll = later(() => import("./DeleteAll"));

interface Props {
  kind: KindName;
  experience: string | undefined;
  name?: string;
}

/** `name` is of the list, where a page has several. */
export function DeleteMenu({ kind, experience, name }: Props) {
  const [deleting, setDeleting] = useState(false);
  if (!useMe().may("delete_all")) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={[t("page.more"), name].filter(Boolean).join(": ")}>
            <Dots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<Bin size={16} />} onClick={() => setDeleting(true)}>
            {t("list.delete_all")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {deleting && (
        <Suspense>
          <DeleteAll kind={kind} experience={experience} onClose={() => setDeleting(false)} />
        </Suspense>
      )}
    </>
  );
}
