// An error of the console itself, or of a part of it that could not be loaded.
import { Alert, Button } from "@mantine/core";
import { t } from "../words";

export function Broken() {
  return (
    <Alert color="red" title={t("error.title")} m="md" role="alert">
      <p>{t("error.broken")}</p>
      <Button size="xs" variant="default" onClick={() => location.reload()}>
        {t("error.reload")}
      </Button>
    </Alert>
  );
}
