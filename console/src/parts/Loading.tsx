// Something comes: for pages whose form is not known yet. Lists and forms show skeletons of themselves instead.
import { Center, Loader } from "@mantine/core";
import { t } from "../words";

export function Loading() {
  return (
    <Center p="xl" role="status" aria-label={t("common.loading")}>
      <Loader size="sm" />
    </Center>
  );
}
