"""The lists of scripts, features and lookups that GSUB and GPOS share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fontTools.ttLib.tables import otTables as ot

SCRIPTS = "DFLT", "latn"


def features(table: Any, wanted: Sequence[tuple[str, Sequence[int], Any]], lookups: Sequence[Any]) -> None:
    """Give `table` its `lookups` and the features `wanted`, for every script: tag, numbers of lookups, parameters."""
    wanted = sorted(wanted, key=lambda entry: entry[0])
    table.LookupList = ot.LookupList()
    table.LookupList.Lookup = list(lookups)
    table.FeatureList = ot.FeatureList()
    table.FeatureList.FeatureRecord = []
    for tag, indices, parameters in wanted:
        record = ot.FeatureRecord()
        record.FeatureTag = tag
        record.Feature = ot.Feature()
        record.Feature.FeatureParams = parameters
        record.Feature.LookupListIndex = list(indices)
        table.FeatureList.FeatureRecord.append(record)
    table.ScriptList = ot.ScriptList()
    table.ScriptList.ScriptRecord = []
    for tag in SCRIPTS:
        script = ot.ScriptRecord()
        script.ScriptTag = tag
        script.Script = ot.Script()
        script.Script.LangSysRecord = []
        script.Script.DefaultLangSys = system = ot.DefaultLangSys()
        system.ReqFeatureIndex = 0xFFFF
        system.FeatureIndex = list(range(len(wanted)))
        system.FeatureCount = len(wanted)
        table.ScriptList.ScriptRecord.append(script)
