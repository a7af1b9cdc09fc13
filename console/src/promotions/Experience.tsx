// One experience and its editor.
import { useParams } from "react-router";
import { Editor } from "../experiences/Editor";
import { useSaved } from "../experiences/useExperience";
import { Page } from "../frame/Page";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { t } from "../words";

export default function Experience() {
  const { id = "" } = useParams();
  const found = useSaved(id);
  const title = found.data ? String(found.data.document.title) : t("nav.experiences");
  return (
    <Page title={title} promise={<code className="mono">{id}</code>}>
      {found.data ? (
        <Editor key={id} saved={found.data} />
      ) : found.error ? (
        <ErrorState error={found.error} retry={found.refetch} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
