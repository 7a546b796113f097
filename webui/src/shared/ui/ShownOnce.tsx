import { Button, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { t } from "@/shared/words/translate";
import classes from "./ShownOnce.module.css";

interface Props {
  /** What it is, and that it is not shown again. */
  label: string;
  value: string;
  onClose: () => void;
}

/** A secret that is shown this once, to be copied. */
export function ShownOnce({ label, value, onClose }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // Browsers let pages copy over https only.
      setCopied(false);
    }
  };
  return (
    <div className={classes.card}>
      <TextInput
        ref={field}
        label={label}
        value={value}
        readOnly
        classNames={{ input: classes.secret ?? "" }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={classes.end}>
        <span role="status">
          {copied === true && t("Copied.")}
          {copied === false && t("The browser does not let the page copy; press Ctrl+C.")}
        </span>
        <Button variant="default" onClick={onClose}>
          {t("I have it")}
        </Button>
        <Button onClick={() => void copy()}>{t("Copy")}</Button>
      </div>
    </div>
  );
}
