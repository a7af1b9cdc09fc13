// What stands around the blocks of a page that manages: loading, trouble, and what to do while nothing is there.
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { ErrorState } from "../parts/ErrorState";
import { Loading } from "../parts/Loading";
import { t } from "../words";
import { Choose, type Chosen, type PartName } from "./Choose";

interface Props<N extends PartName> {
  chosen: Chosen<N>;
  none: string; // told when the experience has no such part
  children: ReactNode;
}

export function Managed<N extends PartName>({ chosen, none, children }: Props<N>) {
  const { experiences, document, experience, parts } = chosen;
  const failed = experiences.error ? experiences : document.error ? document : undefined;
  if (failed) return <ErrorState error={failed.error} retry={failed.refetch} />;
  if (experiences.data?.length === 0) return <NoneYet text={t("manage.no_experiences")} to="/experiences" />;
  if (!document.data) return <Loading />;
  return (
    <div className="manage">
      {parts.length > 0 ? (
        children
      ) : (
        <>
          <Choose chosen={chosen} />
          <NoneYet text={none} to={`/experiences/${experience}`} />
        </>
      )}
    </div>
  );
}

function NoneYet({ text, to }: { text: string; to: string }) {
  return (
    <div className="empty">
      <p>{text}</p>
      <Button component={Link} to={to} variant="default" size="xs">
        {t("manage.to_experience")}
      </Button>
    </div>
  );
}
