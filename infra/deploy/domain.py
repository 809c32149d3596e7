"""The bureau's own domain before the API: its name, its certificate, TLS 1.2 at least, the pages at `/`.

What only the bureau can do is said and not done: the record in its DNS, and the domain's ICP filing (备案),
without which WeChat takes it for no mini-program. Safe to repeat.
"""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.stage import DeployRefused, Stage

ROOT_PATH = "(none)"
"""How API Gateway calls the empty base path, below which the pages stand at `/`."""

OLD_TLS = "TLS_1_0"
"""The one security policy of a regional domain name that takes anything older than TLS 1.2."""

FILING = "WeChat takes only a domain with an ICP filing (备案) for 服务器域名 and 业务域名"


class Domain:
    """A stage's domain, if it has one; the clients are API Gateway's and ACM's."""

    def __init__(self, stage: Stage, *, gateway: Any, certificates: Any) -> None:
        self.name = stage.domain
        self._stage = stage
        self._gateway = gateway
        self._certificates = certificates

    def check(self, api_id: str | None) -> None:
        """Raise `DeployRefused` for a domain that could not lead to this API, before anything is made."""
        if not self.name:
            return
        self._check_certificate()
        there = self._there()
        if there and there["endpointConfiguration"]["types"] != ["REGIONAL"]:
            raise DeployRefused(f"{self.name} is an edge-optimised domain name of this account: remove it")
        other = self._leads_to()
        if other not in (None, api_id) and self._found(self._gateway.get_rest_api, restApiId=other):
            raise DeployRefused(
                f"{self.name} leads to another API, {other}. To move it: aws apigateway "
                f"delete-base-path-mapping --domain-name {self.name} --base-path '{ROOT_PATH}'"
            )

    def plan(self) -> Iterator[str]:
        """What `settle` would do."""
        if self.name:
            there = self._there()
            yield f"domain {self.name}: {'is there' if there else 'made'}; / to the API, TLS 1.2 or newer"
            yield f"  certificate {self._stage.certificate_arn}"
            yield f"  DNS: {_record(self.name, there) if there else 'the record to set is said at the end'}"
            yield f"  {FILING}"

    def settle(self, api_id: str, *, api_stage: str) -> Iterator[str]:
        """Have the domain lead to the API's stage; says what is left for the bureau to do."""
        if self.name:
            there = self._provide()
            self._lead(api_id, api_stage)
            yield f"domain {self.name}: / leads to API {api_id}, stage {api_stage}"
            yield f"DNS: {_record(self.name, there)}"
            yield FILING

    def part(self, api_id: str) -> Iterator[str]:
        """Take the API off the domain, without which API Gateway deletes no API.

        The name stays, and with it the address that the bureau's DNS names.
        """
        if self.name and self._leads_to() == api_id:
            self._gateway.delete_base_path_mapping(domainName=self.name, basePath=ROOT_PATH)
            yield f"domain {self.name} leads nowhere now; its name and certificate stay"

    def _check_certificate(self) -> None:
        """The certificate is issued, here, and for this name; with any other the domain would be in vain."""
        arn = self._stage.certificate_arn
        if arn.split(":")[2:4] != ["acm", self._stage.region]:
            raise DeployRefused(f"certificate_arn: {self.name} needs one of ACM in {self._stage.region}")
        try:
            found = self._certificates.describe_certificate(CertificateArn=arn)["Certificate"]
        except ClientError as fault:
            raise DeployRefused(f"{arn}: {fault}") from fault
        if found["Status"] != "ISSUED":
            raise DeployRefused(f"{arn} is {found['Status']}: have it validated first")
        names = {found["DomainName"], *found.get("SubjectAlternativeNames", [])}
        if not names & {self.name, "*." + self.name.partition(".")[2]}:
            raise DeployRefused(f"{arn} is for {', '.join(sorted(names))} and not for {self.name}")

    def _provide(self) -> dict[str, Any]:
        """The domain name with the stage's certificate; a stricter policy than ours is left as it is."""
        there = self._there()
        if there is None:
            made: dict[str, Any] = self._gateway.create_domain_name(
                domainName=self.name,
                regionalCertificateArn=self._stage.certificate_arn,
                endpointConfiguration={"types": ["REGIONAL"]},
                securityPolicy="TLS_1_2",
            )
            return made
        wanted = {}
        if there.get("regionalCertificateArn") != self._stage.certificate_arn:
            wanted["/regionalCertificateArn"] = self._stage.certificate_arn
        if there.get("securityPolicy") == OLD_TLS:
            wanted["/securityPolicy"] = "TLS_1_2"
        if wanted:
            self._gateway.update_domain_name(domainName=self.name, patchOperations=_patch(wanted))
        return there

    def _lead(self, api_id: str, api_stage: str) -> None:
        """One mapping, for the empty path; changed in place, so that no request meets none."""
        there = self._mapping()
        named = {"domainName": self.name, "basePath": ROOT_PATH}
        if there is None:
            self._gateway.create_base_path_mapping(**named, restApiId=api_id, stage=api_stage)
        elif (there["restApiId"], there.get("stage")) != (api_id, api_stage):
            wanted = {"/restapiId": api_id, "/stage": api_stage}
            self._gateway.update_base_path_mapping(**named, patchOperations=_patch(wanted))

    def _there(self) -> dict[str, Any] | None:
        return self._found(self._gateway.get_domain_name, domainName=self.name)

    def _mapping(self) -> dict[str, Any] | None:
        return self._found(self._gateway.get_base_path_mapping, domainName=self.name, basePath=ROOT_PATH)

    def _leads_to(self) -> str | None:
        mapping = self._mapping()
        return str(mapping["restApiId"]) if mapping else None

    def _found(self, ask: Callable[..., dict[str, Any]], **named: Any) -> dict[str, Any] | None:
        try:
            return ask(**named)
        except self._gateway.exceptions.NotFoundException:
            return None


def _patch(wanted: dict[str, str]) -> list[dict[str, str]]:
    return [{"op": "replace", "path": path, "value": value} for path, value in wanted.items()]


def _record(name: str, there: dict[str, Any]) -> str:
    """The record for the bureau's DNS; with Route 53 an alias into the zone named."""
    zone = there.get("regionalHostedZoneId", "unknown")
    return f"{name}. CNAME {there['regionalDomainName']}. (or an alias, zone {zone})"
