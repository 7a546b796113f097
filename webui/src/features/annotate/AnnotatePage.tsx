import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useState } from "react";
import { chipsOf } from "@/shared/filter/chips";
import { projectQuery, stateQuery } from "@/shared/project/api";
import { useSession } from "@/shared/session/session";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { t } from "@/shared/words/translate";
import { schemeQuery } from "./api";
import { Desk } from "./Desk";
import { type AnnotateSearch, known } from "./further";
import {
  askedByAddress,
  FIRST_QUESTION,
  inAddress,
  type Question,
  withoutFilter,
} from "./question";
import { type Opened, stripActions } from "./strip/actions";
import { FurtherSchemes } from "./strip/FurtherSchemes";
import { Strip } from "./strip/Strip";

interface Props {
  slug: string;
  scheme: string;
  search: AnnotateSearch;
  onSearch: (search: AnnotateSearch) => void;
}

/** The page where texts are coded. */
export function AnnotatePage(props: Props) {
  // Another scheme is another page, with what was asked for there.
  return <Annotate key={JSON.stringify([props.slug, props.scheme])} {...props} />;
}

function Annotate({ slug, scheme, search, onSearch }: Props) {
  const session = useSession();
  const project = useQuery(projectQuery(slug));
  const found = useQuery(schemeQuery(slug, scheme));
  const [last, setLast] = useLocalStorage<Question>({
    key: `kodkod.asked/${slug}/${scheme}`,
    defaultValue: FIRST_QUESTION,
    getInitialValueInEffect: false,
  });
  const byAddress = askedByAddress(search);
  // From the first choice on the address alone says what is asked for, so that it can be passed on.
  const [begun, setBegun] = useState(false);
  const asking = byAddress ?? (begun ? FIRST_QUESTION : last);
  // Whether a machine may sway one is one's own matter, whatever an address asks for.
  const question: Question = { ...asking, ...suggested(last.suggestedBy) };
  const setQuestion = (changed: Question) => {
    setBegun(true);
    setLast(withoutFilter(changed));
    onSearch({ ...inAddress(changed), ...withOthers(search.with) });
  };
  const sayLast = useEffectEvent(() => {
    const said = inAddress(last);
    if (byAddress === null && Object.keys(said).length > 0) onSearch({ ...search, ...said });
  });
  useEffect(() => sayLast(), []);
  const [rememberedWith, setRememberedWith] = useLocalStorage<readonly string[]>({
    key: `kodkod.with/${slug}/${scheme}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  // What the address names goes first; without a word in it, it is as it was last.
  const asked = search.with ?? rememberedWith;
  const state = useQuery(stateQuery(slug));
  const others = (state.data?.schemes ?? []).filter(({ name }) => name !== scheme);
  const further = known(asked, others, scheme);
  const choose = (names: readonly string[]) => {
    setRememberedWith(names);
    onSearch({ ...search, with: names });
  };
  const [opened, setOpened] = useState<Opened | null>(null);
  const strip = stripActions({
    toggle: (part) => setOpened((now) => (now === part ? null : part)),
    clear: () => setQuestion(withoutFilter(question)),
    filtered: chipsOf(question).length > 0,
    choosing: question.drawn === undefined,
  });
  // Without the others' labels there is nothing to code them with; one scheme waits for nothing.
  const ready = asked.length === 0 || state.data !== undefined || state.isError;
  const path = (
    <>
      <Link to="/projects/$slug" params={{ slug }}>
        {project.data?.name ?? slug}
      </Link>
      <span aria-hidden="true">›</span>
      <span>{scheme}</span>
    </>
  );
  return (
    <>
      <TopBar path={path} />
      {found.data && project.data && (
        <Strip
          project={project.data}
          scheme={found.data}
          question={question}
          actions={strip}
          opened={opened}
          onChange={setQuestion}
          onClose={() => setOpened(null)}
        >
          <FurtherSchemes
            schemes={others}
            chosen={further.map(({ name }) => name)}
            onChange={choose}
          />
        </Strip>
      )}
      {found.data && project.data && session !== null && ready ? (
        <Desk
          // A desk belongs to one user and its schemes; another is another desk.
          key={JSON.stringify([session.username, slug, scheme, further.map(({ id }) => id)])}
          place={{ user: session.username, project: slug, scheme }}
          project={project.data}
          scheme={found.data}
          updatedAt={found.dataUpdatedAt}
          question={question}
          further={further}
          strip={strip}
        />
      ) : (
        <Page>
          {found.error || project.error ? (
            <Notice error={found.error ?? project.error}>
              <Link to="/">{t("All projects")}</Link>
            </Notice>
          ) : (
            <Skeleton />
          )}
        </Page>
      )}
    </>
  );
}

function suggested(suggestedBy: string | undefined): Pick<Question, "suggestedBy"> {
  return suggestedBy === undefined ? {} : { suggestedBy };
}

function withOthers(names: readonly string[] | undefined): Pick<AnnotateSearch, "with"> {
  return names === undefined ? {} : { with: names };
}
