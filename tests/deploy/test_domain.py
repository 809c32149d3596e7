"""The bureau's domain where the local AWS does not go: what is asked, by API Gateway's and ACM's models."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.deploy.domain import Domain
from infra.deploy.stage import DeployRefused, Stage

REGION = "ap-southeast-1"
NAME = "110.example.gov.cn"
CERTIFICATE = f"arn:aws:acm:{REGION}:000000000000:certificate/11011011-0110-0110-0110-110110110110"
STAGE = Stage(region=REGION, domain=NAME, certificate_arn=CERTIFICATE)
NAMED = {"domainName": NAME}
ROOT_MAPPING = {**NAMED, "basePath": "(none)"}


class Account:
    """API Gateway and ACM, which ask nobody: what they are asked must be as said here."""

    def __init__(self) -> None:
        keys = {"region_name": REGION, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.clients: dict[str, Any] = {
            name: boto3.client(name, **keys)  # type: ignore[call-overload]
            for name in ("apigateway", "acm")
        }
        self.stubs = {name: Stubber(client) for name, client in self.clients.items()}
        for stub in self.stubs.values():
            stub.activate()

    def domain(self, stage: Stage = STAGE) -> Domain:
        return Domain(stage, gateway=self.clients["apigateway"], certificates=self.clients["acm"])

    def certificate(self, **fields: Any) -> None:
        certificate = {"Status": "ISSUED", "DomainName": NAME, **fields}
        self.stubs["acm"].add_response("describe_certificate", {"Certificate": certificate})

    def there(self, **fields: Any) -> None:
        answer = {
            **NAMED,
            "regionalCertificateArn": CERTIFICATE,
            "regionalDomainName": "d-110.execute-api.example",
            "endpointConfiguration": {"types": ["REGIONAL"]},
            "securityPolicy": "TLS_1_2",
            **fields,
        }
        self.stubs["apigateway"].add_response("get_domain_name", answer, NAMED)

    def leads_to(self, api_id: str, stage: str = "v1") -> None:
        answer = {"basePath": "(none)", "restApiId": api_id, "stage": stage}
        self.stubs["apigateway"].add_response("get_base_path_mapping", answer, ROOT_MAPPING)

    def missing(self, operation: str) -> None:
        self.stubs["apigateway"].add_client_error(operation, "NotFoundException")

    def patched(self, operation: str, named: dict[str, str], wanted: dict[str, str]) -> None:
        operations = [{"op": "replace", "path": path, "value": value} for path, value in wanted.items()]
        self.stubs["apigateway"].add_response(operation, {}, {**named, "patchOperations": operations})

    def done(self) -> None:
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()


@pytest.fixture
def account() -> Account:
    return Account()


def test_a_new_certificate_and_an_old_tls_are_changed_in_place(account: Account) -> None:
    account.there(regionalCertificateArn="arn:of:the:one:before", securityPolicy="TLS_1_0")
    wanted = {"/regionalCertificateArn": CERTIFICATE, "/securityPolicy": "TLS_1_2"}
    account.patched("update_domain_name", NAMED, wanted)
    account.leads_to("old")
    account.patched("update_base_path_mapping", ROOT_MAPPING, {"/restapiId": "api", "/stage": "v1"})
    said = list(account.domain().settle("api", api_stage="v1"))
    assert said[1].startswith(f"DNS: {NAME}. CNAME d-110.execute-api.example.")
    assert "ICP" in said[2]
    account.done()


def test_what_is_as_it_should_be_is_left_and_a_stricter_policy_too(account: Account) -> None:
    account.there(securityPolicy="SecurityPolicy_TLS13_1_3_2025_09")
    account.leads_to("api")
    list(account.domain().settle("api", api_stage="v1"))
    account.done()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"Status": "PENDING_VALIDATION"}, "PENDING_VALIDATION"),
        ({"DomainName": "example.gov.cn"}, "is for example.gov.cn and not for"),
        ({"DomainName": "*.gov.cn"}, "not for"),
    ],
)
def test_a_certificate_that_would_not_do_is_refused(
    account: Account, fields: dict[str, str], reason: str
) -> None:
    account.certificate(**fields)
    with pytest.raises(DeployRefused, match=reason):
        account.domain().check(None)


def test_a_certificate_of_another_region_is_refused(account: Account) -> None:
    elsewhere = Stage(region="us-east-1", domain=NAME, certificate_arn=CERTIFICATE)
    with pytest.raises(DeployRefused, match="ACM in us-east-1"):
        account.domain(elsewhere).check(None)


def test_a_wildcard_one_level_up_will_do(account: Account) -> None:
    account.certificate(DomainName="*.example.gov.cn")
    account.missing("get_domain_name")
    account.missing("get_base_path_mapping")
    account.domain().check(None)
    account.done()


def test_a_domain_that_leads_to_another_api_is_not_taken_from_it(account: Account) -> None:
    account.certificate()
    account.there()
    account.leads_to("of-another-stage")
    account.stubs["apigateway"].add_response("get_rest_api", {"id": "of-another-stage"})
    with pytest.raises(DeployRefused, match="delete-base-path-mapping"):
        account.domain().check("api")


def test_one_that_leads_to_an_api_that_is_no_more_is_taken(account: Account) -> None:
    account.certificate()
    account.there()
    account.leads_to("gone")
    account.missing("get_rest_api")
    account.domain().check("api")
    account.done()


def test_an_edge_optimised_one_is_refused(account: Account) -> None:
    account.certificate()
    account.there(endpointConfiguration={"types": ["EDGE"]})
    with pytest.raises(DeployRefused, match="edge-optimised"):
        account.domain().check("api")


def test_without_a_domain_nothing_is_asked(account: Account) -> None:
    none = account.domain(Stage(region=REGION))
    none.check(None)
    assert [*none.plan(), *none.settle("api", api_stage="v1"), *none.part("api")] == []
