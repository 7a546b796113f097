import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const accent: MantineColorsTuple = [
  "#e3eff0",
  "#cde0e3",
  "#a5c8cd",
  "#7cc4cf",
  "#4f9ba7",
  "#2f7d8a",
  "#1d6673",
  "#17545f",
  "#12424b",
  "#0c3037",
];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 3 },
  colors: { accent },
  autoContrast: true,
  luminanceThreshold: 0.4,
  fontFamily: "var(--font-ui)",
  fontSizes: { sm: "var(--size-body)", xs: "var(--size-small)" },
  headings: { fontFamily: "var(--font-ui)", fontWeight: "600" },
  defaultRadius: 7,
  components: { Modal: { styles: { title: { fontSize: "1.125rem", fontWeight: 600 } } } },
});

const own = {
  "--mantine-color-body": "var(--ground)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-soft)",
  "--mantine-color-placeholder": "var(--ink-soft)",
  "--mantine-color-default": "var(--ground-raised)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-default-hover": "var(--ground-sunk)",
  "--mantine-color-error": "var(--bad)",
};

/** Let Mantine's components take their colours from tokens.css. */
export const resolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...own, "--mantine-color-gray-4": "var(--line-strong)" },
  dark: {
    ...own,
    "--mantine-color-dark-4": "var(--line-strong)",
    "--mantine-color-dark-6": "var(--ground-raised)",
  },
});
