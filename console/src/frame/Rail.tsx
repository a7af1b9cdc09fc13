// The rail: who I am and where I can go, in words.
import { Kbd, Text, UnstyledButton } from "@mantine/core";
import { Link, useLocation } from "react-router";
import { useMe } from "../api/queries";
import { Search } from "../parts/icons";
import { t } from "../words";
import { OVERVIEW, type Place, TABS, WORKSPACE } from "./tabs";
import { UserMenu } from "./UserMenu";

const MAC = navigator.platform.startsWith("Mac");

export function Rail({ onJump }: { onJump: () => void }) {
  const me = useMe();
  return (
    <nav className="rail" aria-label={t("app.name")}>
      <div className="rail-head">
        <img src={new URL("../icon.svg", import.meta.url).href} alt="" width={26} height={26} />
        <div className="rail-names">
          <strong>{t("app.name")}</strong>
          <small>
            <bdi>{me.tenant}</bdi>
          </small>
        </div>
      </div>
      <UnstyledButton className="jump" onClick={onJump}>
        <Search size={15} />
        <span>{t("spotlight.title")} …</span>
        <Kbd size="xs">{MAC ? "⌘K" : "Ctrl K"}</Kbd>
      </UnstyledButton>
      <div className="rail-places">
        <Places places={[OVERVIEW]} />
        <Text className="rail-title">{t("nav.data")}</Text>
        <Places places={TABS} />
        <Text className="rail-title">{t("nav.more")}</Text>
        <Places places={WORKSPACE.filter((place) => !place.needs || me.may(place.needs))} />
      </div>
      <UserMenu />
    </nav>
  );
}

function Places({ places }: { places: readonly Place[] }) {
  const { pathname } = useLocation();
  return (
    <ul>
      {places.map((place) => (
        <li key={place.path}>
          <Link
            to={place.parts?.[0]?.path ?? place.path}
            className="place"
            aria-current={isWithin(pathname, place.path) ? "page" : undefined}
          >
            <place.icon />
            {t(place.word)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function isWithin(path: string, place: string): boolean {
  return path === place || (place !== "/" && path.startsWith(`${place}/`));
}
