// Who is signed in, and what each chooses for oneself.
import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useMe } from "../api/queries";
import { signedOut } from "../api/token";
import { Check, Dots, Leave, Moon, Sun } from "../parts/icons";
import { chooseLanguage, currentLanguage, LANGUAGES, type Language, t } from "../words";
import { useRestart } from "./restart";

export function UserMenu() {
  const me = useMe();
  const cache = useQueryClient();
  const signOut = () => {
    cache.clear();
    signedOut();
  };
  return (
    <Menu position="top-start" width={232} withinPortal>
      <Menu.Target>
        <UnstyledButton className="user">
          <span className="user-name">
            <bdi>{me.name}</bdi>
            <small>{me.roles.join(", ")}</small>
            <span className="sr-only">{t("user.menu")}</span>
          </span>
          <Dots size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Languages />
        <Appearance />
        <Menu.Divider />
        <Menu.Item leftSection={<Leave size={16} />} onClick={signOut}>
          {t("user.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Languages() {
  const restart = useRestart();
  const choose = (language: Language) => chooseLanguage(language).then(restart);
  return (
    <>
      <Menu.Label>{t("user.language")}</Menu.Label>
      {(Object.keys(LANGUAGES) as Language[]).map((language) => (
        <Menu.Item
          key={language}
          lang={language}
          rightSection={mark(language === currentLanguage())}
          onClick={() => choose(language)}
        >
          {LANGUAGES[language]}
        </Menu.Item>
      ))}
    </>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const ICONS = { light: <Sun size={16} />, dark: <Moon size={16} />, auto: undefined };
  return (
    <>
      <Menu.Label>{t("user.appearance")}</Menu.Label>
      {(["light", "dark", "auto"] as const).map((scheme) => (
        <Menu.Item
          key={scheme}
          leftSection={ICONS[scheme]}
          rightSection={mark(scheme === colorScheme)}
          onClick={() => setColorScheme(scheme)}
        >
          {t(`user.${scheme}`)}
        </Menu.Item>
      ))}
    </>
  );
}

function mark(chosen: boolean) {
  return chosen ? <Check size={15} /> : undefined;
}
