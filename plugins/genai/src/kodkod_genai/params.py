"""Params of endpoints. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from kodkod.api import Params, easy, medium, pro

__all__ = ["AdapterName", "EndpointParams"]

AdapterName = Literal["auto", "decisions", "systemone", "schema", "tools", "parse"]
_HOW_FAST = frozenset(
    {"secret", "concurrency", "timeout_s", "retries", "price_in", "price_out", "currency"}
    | {"parameters_b"}
)


class EndpointParams(Params, frozen=True, kw_only=True):
    """An OpenAI-compatible endpoint, the model to ask there, and how."""

    base_url: Annotated[
        str,
        easy(
            "Where the endpoint is, up to and with /v1",
            pattern=r"^https?://\S+$",
            max_length=2_000,
            examples=["https://api.openai.com/v1", "http://localhost:11434/v1"],
        ),
    ] = "https://api.openai.com/v1"
    model: Annotated[str, easy("Name of the model there", min_length=1, max_length=500)]
    secret: Annotated[
        Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")] | None,
        easy("Name of the project's secret that has the API key; empty: none needed"),
    ] = None
    adapter: Annotated[
        AdapterName,
        medium("How answers are asked for; auto tries what the endpoint can"),
    ] = "auto"
    temperature: Annotated[
        Annotated[float, Meta(ge=0, le=2)] | None,
        medium("0 takes the likeliest answer; empty: the endpoint's default"),
    ] = 0.0
    top_p: Annotated[
        Annotated[float, Meta(gt=0, le=1)] | None,
        pro("Likeliest tokens to draw among, by their share; empty: the endpoint's default"),
    ] = None
    seed: Annotated[
        Annotated[int, Meta(ge=0, le=2**31 - 1)] | None,
        pro("Start of the endpoint's random choices, where it heeds one"),
    ] = 0
    samples: Annotated[
        int,
        medium(
            "Answers to each question, which vote; more than 1 needs a temperature", ge=1, le=50
        ),
    ] = 1
    logprobs: Annotated[
        bool, pro("Ask for the tokens' probabilities, to say how sure a label is")
    ] = False
    max_tokens: Annotated[int, medium("Tokens that an answer may have", ge=1, le=100_000)] = 1_000
    concurrency: Annotated[int, medium("Questions at once, at most", ge=1, le=1_000)] = 8
    timeout_s: Annotated[float, pro("Seconds until a call is given up", gt=0, le=3_600)] = 120.0
    retries: Annotated[
        int,
        pro(
            "How often a call that failed is tried again; to wait, where there were too many, is "
            "no failure",
            ge=0,
            le=20,
        ),
    ] = 5
    price_in: Annotated[
        Annotated[float, Meta(ge=0)] | None, easy("Price of a million tokens read")
    ] = None
    price_out: Annotated[
        Annotated[float, Meta(ge=0)] | None, easy("Price of a million tokens written")
    ] = None
    currency: Annotated[str, easy("Currency of the prices", pattern=r"^[A-Z]{3}$")] = "USD"
    parameters_b: Annotated[
        Annotated[float, Meta(gt=0, le=100_000)] | None,
        medium("Billions of parameters that are active, to estimate energy by"),
    ] = None
    extra_body: Annotated[dict[str, Any], pro("What else to send, such as reasoning_effort")] = (
        field(default_factory=dict)
    )

    def identity(self) -> dict[str, Any]:
        """Return what replies depend on."""
        return {
            name: getattr(self, name) for name in self.__struct_fields__ if name not in _HOW_FAST
        }
