import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { megabytes } from "@/shared/words/size";
import { t } from "@/shared/words/translate";
import classes from "./Import.module.css";

interface Props {
  file: File | null;
  busy: boolean;
  onFile: (file: File) => void;
}

const ENDINGS = ".csv,.tsv,.txt,.xlsx,.parquet,.jsonl,.ndjson";

/** Where a file is chosen; one that is dropped anywhere on the page is taken as well. */
export function DropZone({ file, busy, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = useRef(onFile);
  take.current = onFile;
  useEffect(() => {
    const hover = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      const [dropped] = event.dataTransfer?.files ?? [];
      if (dropped === undefined) return;
      event.preventDefault();
      setOver(false);
      take.current(dropped);
    };
    document.addEventListener("dragover", hover);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", hover);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, []);
  return (
    <div className={classes.drop} data-over={over || undefined}>
      <p className={classes.what}>
        {file === null ? (
          t("Drop a file here: CSV, TSV, XLSX, Parquet or JSONL, one text a row.")
        ) : (
          <>
            <strong dir="auto">{file.name}</strong> {megabytes(file.size / 1e6)}
          </>
        )}
      </p>
      <Button
        variant={file === null ? "filled" : "default"}
        loading={busy}
        onClick={() => input.current?.click()}
      >
        {file === null ? t("Choose a file") : t("Choose another file")}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={ENDINGS}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (chosen !== undefined) onFile(chosen);
        }}
      />
    </div>
  );
}
