"""A request as moto has read it, held against the API's own model."""

from typing import Any

from botocore.validate import ParamValidator
from moto.core.utils import get_service_model

from labkit.embedded.metrics.errors import validation_error


def checked_request(handler: Any) -> dict[str, Any]:
    """The parameters of the request that a handler of moto's is about to answer, in the API's shape.

    boto3 checks them before it sends; others may not. Raises ValidationError for what the model does not allow.
    """
    request: dict[str, Any] = dict(handler._get_params())
    model = get_service_model(handler.boto3_service_name).operation_model(handler._get_action())
    report = ParamValidator().validate(request, model.input_shape)
    if report.has_errors():
        raise validation_error(report.generate_report())
    return request
