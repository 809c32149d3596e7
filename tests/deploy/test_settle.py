"""What Chalice cannot set, as it is asked of AWS."""

import json

from infra.deploy.settle import gateway_response


def test_what_the_firewall_blocks_is_to_be_tried_again_and_no_final_refusal() -> None:
    answer = gateway_response("WAF_FILTERED")
    assert answer["statusCode"] == "429"
    document = json.loads(answer["responseTemplates"]["application/json"])
    assert (document["type"], document["status"]) == ("throttled", 429)
    assert int(answer["responseParameters"]["gatewayresponse.header.Retry-After"].strip("'")) > 0


def test_another_refusal_names_no_time_to_come_again() -> None:
    assert "gatewayresponse.header.Retry-After" not in gateway_response("ACCESS_DENIED")["responseParameters"]
