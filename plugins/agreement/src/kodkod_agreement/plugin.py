"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import AgreementSpec, ComponentSpec, hookimpl
from kodkod_agreement import params

API = "2.2"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare agreement on labels, on sets of labels and on passages."""
    yield AgreementSpec(
        name="labels",
        title="Agreement on labels",
        summary="Krippendorff's alpha, the kappas of Cohen and Fleiss, Scott's pi, Gwet's AC1, AC2",
        factory="kodkod_agreement.one_label:OneLabel",
        params=params.LabelParams,
        scheme_types=("multiclass",),
        measures=(
            "percent",
            "alpha",
            "alpha_ordinal",
            "alpha_interval",
            "cohen_kappa",
            "fleiss_kappa",
            "scott_pi",
            "ac1",
            "ac2",
        ),
        usual=("percent", "alpha", "cohen_kappa", "fleiss_kappa", "scott_pi", "ac1"),
    )
    yield AgreementSpec(
        name="label-sets",
        title="Agreement on sets of labels",
        summary="Krippendorff's alpha by MASI and Jaccard distance, and each label by itself",
        factory="kodkod_agreement.label_sets:LabelSets",
        params=params.SetParams,
        scheme_types=("multilabel",),
        measures=("percent", "alpha", "alpha_jaccard", "alpha_masi"),
        usual=("percent", "alpha_jaccard", "alpha_masi"),
    )
    yield AgreementSpec(
        name="passages",
        title="Agreement on passages",
        summary="Krippendorff's alpha for unitizing, gamma, F1 of passages exact and overlapping",
        factory="kodkod_agreement.passages:Passages",
        params=params.PassageParams,
        scheme_types=("span",),
        measures=("alpha_u", "gamma", "f1_exact", "f1_overlap"),
        usual=("alpha_u", "gamma", "f1_exact", "f1_overlap"),
    )
