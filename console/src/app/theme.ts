// How the console looks: calm, dense, one accent. Colours are checked for AA contrast in light and dark.
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const teal: MantineColorsTuple = [
  "#e9f7f3",
  "#d3ece5",
  "#a5d9cb",
  "#74c5b0",
  "#4cb399",
  "#2f9f84",
  "#168a70",
  "#0b6e5f",
  "#075a4d",
  "#03463c",
];

const red: MantineColorsTuple = [
  "#fdeeec",
  "#f9d6d2",
  "#f1aba4",
  "#ea7d73",
  "#e4564a",
  "#d63c30",
  "#c92f24",
  "#b3261e",
  "#94190f",
  "#770d06",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: 7, // white on it is readable, in light and dark
  colors: { accent: teal, red },
  fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // What explains a field stands below it, so that fields beside each other stand in one line.
    InputWrapper: { defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] } },
  },
});
