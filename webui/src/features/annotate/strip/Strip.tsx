import { lazy, type ReactNode, Suspense } from "react";
import type { ProjectInfo, SchemeInfo } from "@/api/schema";
import { t } from "@/shared/words/translate";
import { FIRST_QUESTION, type Question } from "../question";
import type { Opened, StripActions } from "./actions";
import { ConditionPart } from "./ConditionPart";
import { GuideState } from "./GuideState";
import { Order } from "./Order";
import { StoppingLine } from "./StoppingLine";
import classes from "./Strip.module.css";
import { Texts } from "./Texts";

const OrderForm = lazy(async () => ({ default: (await import("./OrderForm")).OrderForm }));

interface Props {
  project: ProjectInfo;
  scheme: SchemeInfo;
  question: Question;
  actions: StripActions;
  opened: Opened | null;
  onChange: (question: Question) => void;
  onClose: () => void;
  /** What else is chosen for the page. */
  children: ReactNode;
}

/** Above the text: which texts come, in what order, and where the guide stands. One line, until opened. */
export function Strip(props: Props) {
  const { project, scheme, question, actions, opened, onChange, onClose, children } = props;
  const { slug } = project;
  const { guide, name } = scheme;
  const line = { slug, question, actions, opened, onChange };
  return (
    <section className={classes.strip} aria-label={t("What comes next")}>
      <div className={classes.line}>
        <div className={classes.chosen}>
          {question.drawn !== undefined ? (
            <Drawn sample={question.drawn} onChange={onChange} />
          ) : (
            <>
              <Texts {...line} scheme={name} guided={guide !== null} />
              <Order {...line} scheme={scheme} />
            </>
          )}
          {children}
        </div>
        {guide !== null && (
          <div className={classes.state}>
            <GuideState slug={slug} scheme={name} guide={guide} />
            <StoppingLine slug={slug} scheme={name} />
          </div>
        )}
      </div>
      {opened === "condition" && (
        <ConditionPart
          project={project}
          scheme={scheme}
          question={question}
          onChange={onChange}
          onClose={onClose}
        />
      )}
      {opened === "order" && (
        <Suspense>
          <OrderForm
            slug={slug}
            scheme={scheme}
            question={question}
            onChange={onChange}
            onClose={onClose}
          />
        </Suspense>
      )}
    </section>
  );
}

interface DrawnProps {
  sample: string;
  onChange: Props["onChange"];
}

/** That a drawn sample is coded: its texts and their order are not for choosing. */
function Drawn({ sample, onChange }: DrawnProps) {
  return (
    <>
      <span className={classes.drawn}>{t("the sample {{sample}}", { sample })}</span>
      <button
        type="button"
        className={classes.leave}
        onClick={(event) => {
          event.currentTarget.blur();
          onChange(FIRST_QUESTION);
        }}
      >
        {t("Other texts")}
      </button>
    </>
  );
}
