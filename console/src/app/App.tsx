// All that stands around the pages: look, cached answers, addresses. Another language makes it all anew.
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { RouterProvider } from "react-router/dom";
import { queries } from "../api/queries";
import { Restart } from "../frame/restart";
import { makeRouter } from "./routes";
import { theme } from "./theme";

export function App({ nonce }: { nonce: string }) {
  const [round, setRound] = useState(0);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <Restart.Provider value={() => setRound(round + 1)}>
          <Routed key={round} />
        </Restart.Provider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Routed() {
  return <RouterProvider router={useMemo(makeRouter, [])} />;
}
