import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { FilePreview } from "@/api/schema";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { language, t } from "@/shared/words/translate";
import { previewFile } from "../api";
import { columnsOf } from "./columns";
import { DropZone } from "./DropZone";
import { draftOf } from "./draft";
import { ImportForm } from "./ImportForm";

/** Beyond this the server does not look into a file: only the names of columns are read here. */
const LOOKED_INTO = 60_000_000;

interface Looked {
  readonly file: File;
  readonly preview: FilePreview;
  /** Whether the server has read it, or only its head was read here. */
  readonly whole: boolean;
}

/** A file becomes a project: looked into first, then its columns are given roles. */
export function ImportPage() {
  const [looked, setLooked] = useState<Looked | null>(null);
  const looking = useMutation({
    mutationFn: async (file: File): Promise<Looked> =>
      file.size <= LOOKED_INTO
        ? { file, preview: await previewFile(file), whole: true }
        : { file, preview: unread(await columnsOf(file)), whole: false },
    onMutate: () => setLooked(null),
    onSuccess: setLooked,
  });
  return (
    <>
      <TopBar path={<Link to="/">{t("Projects")}</Link>} />
      <Page wide>
        <h1>{t("New project")}</h1>
        <DropZone
          file={looking.variables ?? null}
          onFile={(file) => looking.mutate(file)}
          busy={looking.isPending}
        />
        {looking.error && <Notice error={looking.error} />}
        {looking.isPending && <Skeleton lines={8} />}
        {looked !== null && (
          <ImportForm
            key={`${looked.file.name}/${looked.file.lastModified}/${looked.file.size}`}
            {...looked}
            first={draftOf(looked.preview, looked.file.name, language())}
          />
        )}
      </Page>
    </>
  );
}

function unread(columns: readonly string[]): FilePreview {
  return {
    n_rows: 0,
    columns: columns.map((name) => ({
      name,
      kind: "text",
      distinct: 0,
      longest: 0,
      missing: 0,
      missing_rows: [],
      repeated: 0,
      repeated_rows: [],
      examples: [],
    })),
    rows: [],
    guess: { id_column: null, text_columns: [], label_columns: [], context_columns: [] },
  };
}
