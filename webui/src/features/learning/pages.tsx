import { GuideView } from "./guide/GuideView";
import { LearningPage } from "./LearningPage";
import { SimulationsView } from "./simulations/SimulationsView";
import { SimulationView } from "./simulations/SimulationView";
import { StoppingView } from "./stopping/StoppingView";

interface Props {
  slug: string;
  scheme: string;
}

export function GuidePage(props: Props) {
  return (
    <LearningPage {...props}>
      {(state, scheme) => <GuideView key={scheme.id} state={state} scheme={scheme} />}
    </LearningPage>
  );
}

export function StoppingPage(props: Props) {
  return (
    <LearningPage {...props}>
      {(_, scheme) => <StoppingView {...props} guided={scheme.guide !== null} />}
    </LearningPage>
  );
}

export function SimulationsPage(props: Props) {
  return (
    <LearningPage {...props}>
      {(state, scheme) => <SimulationsView key={scheme.id} state={state} scheme={scheme} />}
    </LearningPage>
  );
}

export function SimulationPage({ id, ...props }: Props & { id: string }) {
  return (
    <LearningPage {...props}>
      {(state) => <SimulationView state={state} scheme={props.scheme} id={id} />}
    </LearningPage>
  );
}
