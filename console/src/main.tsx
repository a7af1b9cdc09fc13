// The start: back from the issuer or not, then the words, then the page.
import "@mantine/core/styles.css";
import "mantine-datatable/styles.css";
import "./app/console.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { queries } from "./api/queries";
import { App } from "./app/App";
import { theme } from "./app/theme";
import { finish, returned } from "./session/oidc";
import { SignIn } from "./session/SignIn";
import { preferredLanguage, speak, t } from "./words";

// The page's policy lets only styles with this nonce in; the second line is how Mantine's dialogs learn of it.
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
Object.assign(globalThis, { __webpack_nonce__: nonce });

async function start(): Promise<void> {
  await speak(preferredLanguage());
  const root = createRoot(document.getElementById("console") as HTMLElement);
  const query = returned();
  try {
    if (!query || (await finish(query))) root.render(<App nonce={nonce} />);
    else root.render(<Unfinished reason={t("sign_in.expired")} />); // a pop-up closes itself before anybody reads this
  } catch (error) {
    root.render(<Unfinished reason={String(error instanceof Error ? error.message : error)} />);
  }
}

function Unfinished({ reason }: { reason: string }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <SignIn reason={reason} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

void start();
