import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { projectQuery } from "@/shared/project/api";
import { useSession } from "@/shared/session/session";
import { Notice } from "@/shared/ui/Notice";
import { Page, Skeleton } from "@/shared/ui/Page";
import { TopBar } from "@/shared/ui/TopBar";
import { schemeQuery } from "./api";
import { Desk } from "./Desk";
import { GuideSentence } from "./GuideSentence";
import { QuestionBar } from "./QuestionBar";
import { FIRST_QUESTION, type Question } from "./question";

interface Props {
  slug: string;
  scheme: string;
}

/** The page where texts are coded. */
export function AnnotatePage({ slug, scheme }: Props) {
  const session = useSession();
  const project = useQuery(projectQuery(slug));
  const found = useQuery(schemeQuery(slug, scheme));
  const [question, setQuestion] = useLocalStorage<Question>({
    key: `kodkod.question/${slug}/${scheme}`,
    defaultValue: FIRST_QUESTION,
    getInitialValueInEffect: false,
  });
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
            <GuideSentence slug={slug} scheme={scheme} guide={found.data.guide} />
          </>
        )}
      </TopBar>
      {found.data && project.data && session !== null ? (
        <Desk
          // A desk belongs to one user and scheme; another is another desk.
          key={`${session.username}/${slug}/${scheme}`}
          place={{ user: session.username, project: slug, scheme }}
          project={project.data}
          scheme={found.data}
          updatedAt={found.dataUpdatedAt}
          question={question}
        />
      ) : (
        <Page>
          {found.error || project.error ? (
            <Notice error={found.error ?? project.error}>
              <Link to="/">All projects</Link>
            </Notice>
          ) : (
            <Skeleton />
          )}
        </Page>
      )}
    </>
  );
}
