// What stands around every page: the rail of tabs, on a phone behind a button; what concerns all pages on top.
import { ActionIcon, Drawer } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Outlet, useLocation } from "react-router";
import { ME } from "../api/queries";
import { setZone } from "../format/times";
import { ErrorState } from "../parts/ErrorState";
import { Lines } from "../parts/icons";
import { Loading } from "../parts/Loading";
import { SessionEnded } from "../session/SessionEnded";
import { later, t } from "../words";
import { NetworkNotice } from "./NetworkNotice";
import { Rail } from "./Rail";
import { useKeys } from "./useKeys";

const Spotlight = lazy(() => import("./Spotlight"));
const KeyHelp = lazy(() => import("./KeyHelp"));
const Tray = later(() => import("../jobs/Tray"));

export function Frame() {
  const me = useQuery(ME);
  if (me.error) return <ErrorState error={me.error} retry={me.refetch} />;
  if (!me.data) return <Loading />;
  setZone(me.data.time_zone);
  return <Framed />;
}

function Framed() {
  const narrow = useMediaQuery("(max-width: 52em)", undefined, { getInitialValueInEffect: false });
  const [menu, menuIs] = useDisclosure();
  const [jump, jumpIs] = useDisclosure();
  const [help, helpIs] = useDisclosure();
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: going elsewhere closes the menu
  useEffect(menuIs.close, [pathname]);
  useKeys({ "mod+k": jumpIs.open, "?": helpIs.open });
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={() => document.getElementById("content")?.focus()}>
        {t("nav.skip")}
      </button>
      {narrow ? (
        <>
          <ActionIcon
            className="menu-button"
            variant="subtle"
            color="gray"
            size="lg"
            onClick={menuIs.open}
            aria-label={t("nav.open")}
          >
            <Lines />
          </ActionIcon>
          <Drawer
            opened={menu}
            onClose={menuIs.close}
            size={264}
            padding={0}
            title={t("app.name")}
            closeButtonProps={{ "aria-label": t("nav.close") }}
          >
            <Rail onJump={jumpIs.open} />
          </Drawer>
        </>
      ) : (
        <Rail onJump={jumpIs.open} />
      )}
      <main id="content" className="content" tabIndex={-1}>
        <NetworkNotice />
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <SessionEnded />
      <Suspense>
        <Tray />
        {jump && <Spotlight onClose={jumpIs.close} />}
        {help && <KeyHelp onClose={helpIs.close} />}
      </Suspense>
    </div>
  );
}
