import { ProjectFrame } from "@/shared/project/ProjectFrame";
import { t } from "@/shared/words/translate";
import { AuditLog } from "./AuditLog";
import { Invitations } from "./Invitations";
import { Groups, Members } from "./Members";
import { Messages } from "./Messages";
import { Tasks } from "./Tasks";
import classes from "./Team.module.css";

/** The people of a project: who they are, who codes what, what is said to them and what they did. */
export function TeamPage({ slug }: { slug: string }) {
  return (
    <ProjectFrame slug={slug}>
      {(state) => {
        const manages = state.project.role === "manager";
        return (
          <>
            <h1>{t("Team")}</h1>
            <p className={classes.about}>
              {t("Who works here, who codes which texts, and how far they are.")}
            </p>
            <Members slug={slug} manages={manages} />
            <Groups slug={slug} manages={manages} />
            {manages && <Invitations slug={slug} />}
            {manages && <Tasks state={state} />}
            <Messages slug={slug} manages={manages} />
            {manages && <AuditLog slug={slug} />}
          </>
        );
      }}
    </ProjectFrame>
  );
}
