import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { projectQuery, stateQuery } from "@/shared/project/api";
import { useSession } from "@/shared/session/session";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { t } from "@/shared/words/translate";
import { schemeQuery } from "./api";
import { Desk } from "./Desk";
import { FurtherSchemes } from "./FurtherSchemes";
import { type AnnotateSearch, known } from "./further";
import { GuideSentence } from "./GuideSentence";
import { QuestionBar } from "./QuestionBar";
import { askedByAddress, FIRST_QUESTION, type Question } from "./question";

interface Props {
  slug: string;
  scheme: string;
  search: AnnotateSearch;
  onSearch: (search: AnnotateSearch) => void;
}

/** The page where texts are coded. */
export function AnnotatePage({ slug, scheme, search, onSearch }: Props) {
  const session = useSession();
  const project = useQuery(projectQuery(slug));
  const found = useQuery(schemeQuery(slug, scheme));
  const [last, setLast] = useLocalStorage<Question>({
    key: `kodkod.question/${slug}/${scheme}`,
    defaultValue: FIRST_QUESTION,
    getInitialValueInEffect: false,
  });
  const byAddress = askedByAddress(search);
  const question = byAddress ?? last;
  const setQuestion = (changed: Question) => {
    setLast(changed);
    // What somebody chooses here counts from now on, and not what brought them.
    if (byAddress !== null) onSearch(search.with === undefined ? {} : { with: search.with });
  };
  const [remembered, setRemembered] = useLocalStorage<readonly string[]>({
    key: `kodkod.with/${slug}/${scheme}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  // What the address names goes first; without a word in it, it is as it was last.
  const asked = search.with ?? remembered;
  const state = useQuery(stateQuery(slug));
  const others = (state.data?.schemes ?? []).filter(({ name }) => name !== scheme);
  const further = known(asked, others, scheme);
  const choose = (names: readonly string[]) => {
    setRemembered(names);
    onSearch({ ...search, with: names });
  };
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
      <TopBar path={path}>
        {found.data && (
          <>
            <QuestionBar
              slug={slug}
              scheme={found.data}
              question={question}
              onChange={setQuestion}
            />
            <FurtherSchemes
              schemes={others}
              chosen={further.map(({ name }) => name)}
              onChange={choose}
            />
            <GuideSentence slug={slug} scheme={scheme} guide={found.data.guide} />
          </>
        )}
      </TopBar>
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
