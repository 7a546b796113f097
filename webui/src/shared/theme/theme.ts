import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
} from "@mantine/core";
import { separators } from "@/shared/words/number";

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

const none = { root: {} };

// Mantine puts white on the accent in both modes; tokens.css has the ink that can be read on it.
const buttonVars: Readonly<
  Record<string, { root: Record<`--button-${"bg" | "hover" | "color"}`, string> }>
> = {
  filled: {
    root: {
      "--button-bg": "var(--accent)",
      "--button-hover": "color-mix(in oklab, var(--accent) 88%, var(--ink))",
      "--button-color": "var(--on-accent)",
    },
  },
};

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
  components: {
    Button: Button.extend({
      vars: (_theme, { variant = "filled" }) => buttonVars[variant] ?? none,
    }),
    // Without `NumberInput.extend`, by which every page would load it.
    NumberInput: {
      // Whichever of the two somebody's keyboard has begins the decimals.
      defaultProps: {
        decimalSeparator: separators().decimalSeparator,
        allowedDecimalSeparators: [".", ","],
      },
    },
    Modal: { styles: { title: { fontSize: "1.125rem", fontWeight: 600 } } },
  },
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
