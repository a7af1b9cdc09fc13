// A page: its title, one line of what is promised, what can be done, and the parts of its tab.
//   <Page title={t("tab.consents")} promise={t("promise.creation", { count: 60 })} actions={<ExportButton …/>}>…</Page>
// The browser's title follows; `parts` of the tab are shown by themselves.
import { Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { Link, useLocation } from "react-router";
import { t } from "../words";
import { placeOf } from "./tabs";

interface Props {
  title: string;
  tab?: string; // what the browser's tab and history say, where the title names a person
  promise?: ReactNode;
  actions?: ReactNode;
  fills?: boolean; // the content scrolls by itself, as lists do
  children: ReactNode;
}

export function Page({ title, tab = title, promise, actions, fills = false, children }: Props) {
  useEffect(() => {
    document.title = `${tab} · ${t("app.name")}`;
  }, [tab]);
  return (
    <div className={fills ? "page fills" : "page"}>
      <header className="page-head">
        <div className="page-title">
          <Title order={1} size="h3">
            <bdi>{title}</bdi>
          </Title>
          {promise && <p className="promise">{promise}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      <Parts />
      <div className="page-body">{children}</div>
    </div>
  );
}

function Parts() {
  const { pathname } = useLocation();
  const place = placeOf(pathname);
  if (!place?.parts) return null;
  return (
    <nav className="parts" aria-label={t("nav.sub", { tab: t(place.word) })}>
      {place.parts.map((part) => (
        <Link
          key={part.path}
          to={part.path}
          className="part"
          aria-current={pathname === part.path ? "page" : undefined}
        >
          {t(part.word)}
        </Link>
      ))}
    </nav>
  );
}
