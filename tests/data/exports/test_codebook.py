"""What the tables of all codebooks have in common: headers, evidence beside them, rows by place, nothing invented."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.data.coding.merged import MergedIncident
from tocsin.data.errors import DataError
from tocsin.data.exports.acled import ACLED
from tocsin.data.exports.cells import guarded
from tocsin.data.exports.codebook import EVIDENCE_COLUMNS, NO_EVIDENCE_FILE, Codebook, write_codebook_text
from tocsin.data.exports.formats import FORMATS
from tocsin.data.exports.gtd import GTD, UNKNOWN
from tocsin.data.exports.ucdp import UCDP
from tocsin.data.gazetteers.entry import Entry

CODEBOOKS = {"acled": ACLED, "ucdp": UCDP, "gtd": GTD}
HEADERS = {
    "acled": (
        "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,"
        "inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,"
        "location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
    ),
    "ucdp": (
        "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,"
        "dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,"
        "number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,"
        "where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,"
        "region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,"
        "high,low,gwnoa,gwnob"
    ),
    "gtd": (
        "eventid,iyear,imonth,iday,approxdate,extended,resolution,country,country_txt,region,region_txt,provstate,"
        "city,latitude,longitude,specificity,vicinity,location,summary,crit1,crit2,crit3,doubtterr,alternative,"
        "alternative_txt,multiple,success,suicide,attacktype1,attacktype1_txt,attacktype2,attacktype2_txt,attacktype3,"
        "attacktype3_txt,targtype1,targtype1_txt,targsubtype1,targsubtype1_txt,corp1,target1,natlty1,natlty1_txt,"
        "targtype2,targtype2_txt,targsubtype2,targsubtype2_txt,corp2,target2,natlty2,natlty2_txt,targtype3,"
        "targtype3_txt,targsubtype3,targsubtype3_txt,corp3,target3,natlty3,natlty3_txt,gname,gsubname,gname2,"
        "gsubname2,gname3,gsubname3,motive,guncertain1,guncertain2,guncertain3,individual,nperps,nperpcap,claimed,"
        "claimmode,claimmode_txt,claim2,claimmode2,claimmode2_txt,claim3,claimmode3,claimmode3_txt,compclaim,"
        "weaptype1,weaptype1_txt,weapsubtype1,weapsubtype1_txt,weaptype2,weaptype2_txt,weapsubtype2,weapsubtype2_txt,"
        "weaptype3,weaptype3_txt,weapsubtype3,weapsubtype3_txt,weaptype4,weaptype4_txt,weapsubtype4,weapsubtype4_txt,"
        "weapdetail,nkill,nkillus,nkillter,nwound,nwoundus,nwoundte,property,propextent,propextent_txt,propvalue,"
        "propcomment,ishostkid,nhostkid,nhostkidus,nhours,ndays,divert,kidhijcountry,ransom,ransomamt,ransomamtus,"
        "ransompaid,ransompaidus,ransomnote,hostkidoutcome,hostkidoutcome_txt,nreleased,addnotes,scite1,scite2,scite3,"
        "dbsource,INT_LOG,INT_IDEO,INT_MISC,INT_ANY,related"
    ),
}
FATALITIES = {"acled": "fatalities", "ucdp": "best", "gtd": "nkill"}
NOTES = {"acled": "notes", "ucdp": "where_description", "gtd": "addnotes"}

every_codebook = pytest.mark.parametrize("name", CODEBOOKS)
Tell = Callable[..., MergedIncident]


def written(name: str, incidents: list[MergedIncident], folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table and its evidence, as a reader gets them."""
    table, proof = FORMATS[name].write(incidents, folder / "out.csv").files
    return pd.read_csv(table, dtype=str, keep_default_na=False), pd.read_csv(proof, dtype=str, keep_default_na=False)


def filled(line: pd.Series) -> dict[str, str]:
    return {column: value for column, value in line.items() if value}


@every_codebook
def test_the_header_is_the_codebooks(name: str, tmp_path: Path) -> None:
    FORMATS[name].write([], tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == HEADERS[name] + "\n"


def test_gtd_has_135_columns() -> None:
    assert len(set(GTD.columns)) == 135


@every_codebook
def test_every_filled_column_has_evidence(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    table, proof = written(name, [raid], tmp_path)
    for _, line in table.iterrows():
        cells = filled(line)
        own_id = line.iloc[0]
        proven = set(proof[proof["row_id"] == own_id]["column"])
        assert set(cells) - CODEBOOKS[name].own == proven - CODEBOOKS[name].own
        of_row = proof[proof["row_id"] == own_id]
        assert all(cells[column] == value for column, value in zip(of_row["column"], of_row["value"], strict=True))


@every_codebook
def test_evidence_is_what_stands_in_the_article(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    _, proof = written(name, [raid], tmp_path)
    texts = {telling.sentence.article: telling.sentence.text for telling in raid.tellings}
    told = proof[proof["text"] != ""]
    assert list(proof.columns) == list(EVIDENCE_COLUMNS)
    assert len(told) > 10
    for line in told.itertuples():
        assert texts[line.article][int(line.start) : int(line.end)] == line.text


@every_codebook
def test_what_is_of_an_article_itself_names_the_article(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    _, proof = written(name, [raid], tmp_path)
    column = {"acled": "source", "ucdp": "source_office", "gtd": "scite2"}[name]
    articles = set(proof[proof["column"] == column]["article"])
    assert articles == ({"a2"} if name == "gtd" else {"a1", "a2"})


@every_codebook
def test_of_an_incident_that_is_only_told_nothing_is_invented(name: str, bare: MergedIncident, tmp_path: Path) -> None:
    table, proof = written(name, [bare], tmp_path)
    (line,) = (filled(line) for _, line in table.iterrows())
    allowed = {
        "acled": {},
        "ucdp": {"number_of_sources": "1", "source_article": "a1"},
        "gtd": {"gname": UNKNOWN, "dbsource": "tocsin", "scite1": "a1"},
    }[name]
    assert line == {CODEBOOKS[name].columns[0]: bare.id, **allowed}
    assert set(proof["column"]) <= set(allowed)


@every_codebook
def test_what_an_incident_lacks_is_counted_and_the_incident_kept(
    name: str, bare: MergedIncident, tmp_path: Path
) -> None:
    report = FORMATS[name].write([bare, bare], tmp_path / "out.csv")
    assert (report.n_incidents, report.n_rows) == (2, 2)
    lacking = (*CODEBOOKS[name].needs.values(), "with nothing but a mention")
    assert report.not_shown == dict.fromkeys(lacking, 2)


@every_codebook
def test_what_is_only_denied_is_counted(name: str, denied: MergedIncident, tmp_path: Path) -> None:
    only = replace(denied, status="denied", tellings=denied.tellings[1:])
    assert FORMATS[name].write([only, denied], tmp_path / "out").not_shown["told by nobody but who denies it"] == 1


@every_codebook
def test_copies_of_an_article_are_sources_too(name: str, copied: MergedIncident, tmp_path: Path) -> None:
    table, proof = written(name, [copied], tmp_path)
    column = {"acled": "source", "ucdp": "source_office", "gtd": "scite2"}[name]
    assert "Dane Echo" in table[column][0]
    assert "a1-copy" in set(proof[proof["column"] == column]["article"])


@every_codebook
@pytest.mark.parametrize("folder", [".", "/", ".."])
def test_a_folder_is_no_table(name: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=r"cannot be written \(it is a folder\); expected a file"):
        FORMATS[name].write([], Path(folder))


@every_codebook
def test_a_place_of_several_countries_is_in_no_country(name: str, tell: Tell, tmp_path: Path) -> None:
    highlands = Entry(
        "region:highlands", "Highlands", "place", kind="area", countries=("IQ", "SY"), latitude=35.0, longitude=41.0,
        where_prec=5,
    )  # fmt: skip
    table, _ = written(name, [tell("A blast in the Highlands.", places=[("Highlands", highlands)])], tmp_path)
    (line,) = (filled(line) for _, line in table.iterrows())
    assert "Highlands" in line.values()
    assert not {"country", "country_txt", "iso", "region", "region_txt", "country_id"} & line.keys()


@every_codebook
def test_an_attack_on_two_bases_is_a_row_each(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    table, _ = written(name, [raid], tmp_path)
    assert list(table[CODEBOOKS[name].columns[0]]) == [f"{raid.id}.1", f"{raid.id}.2"]
    assert list(table["latitude"]) == ["36.5", "33.3"]
    assert all(f"of 2 of incident {raid.id}" in note for note in table[NOTES[name]])


@every_codebook
def test_nobody_is_killed_twice_by_a_split(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    table, _ = written(name, [raid], tmp_path)
    assert list(table[FATALITIES[name]]) == ["3", ""]


@every_codebook
def test_numbers_are_read_as_numbers(name: str, tell: Tell, known: dict[str, Entry], tmp_path: Path) -> None:
    incident = tell("A blast hit Tessmar.", places=[("Tessmar", known["tessmar"])])
    FORMATS[name].write([incident], tmp_path / "out.csv")
    table = pd.read_csv(tmp_path / "out.csv")
    assert list(table["longitude"]) == [-89.2]


@every_codebook
def test_names_with_quotes_newlines_and_accents_are_read_back(name: str, tell: Tell, tmp_path: Path) -> None:
    actor = 'Ḥarakat "al-Fajr",\nwing; 新軍'
    table, proof = written(name, [tell(f"{actor} attacked.", attackers=[(actor, None)])], tmp_path)
    column = {"acled": "actor1", "ucdp": "side_a", "gtd": "gname"}[name]
    assert list(table[column]) == [actor]
    assert actor in set(proof["text"])


@every_codebook
def test_a_name_that_is_a_formula_is_text_to_a_spreadsheet(name: str, tell: Tell, tmp_path: Path) -> None:
    actor = '=HYPERLINK("http://bad.example")'
    table, proof = written(name, [tell(f"{actor} attacked.", attackers=[(actor, None)])], tmp_path)
    column = {"acled": "actor1", "ucdp": "side_a", "gtd": "gname"}[name]
    assert list(table[column]) == [f"'{actor}"]
    assert not any(cell.startswith("=") for cell in [*proof["value"], *proof["text"]])


@given(st.text())
def test_a_guarded_cell_is_no_formula_and_gives_the_text_back(text: str) -> None:
    cell = str(guarded(text))
    assert not cell.startswith(tuple("=+-@\t\r\n"))
    assert text == (cell.removeprefix("'") if guarded(cell) != cell else cell)


@every_codebook
def test_a_stream_gets_the_table_and_hears_of_the_evidence(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    FORMATS[name].write([raid], tmp_path / "out.csv")
    stream = io.StringIO()
    write_text = FORMATS[name].write_text
    assert write_text
    report = write_text([raid], stream)
    assert stream.getvalue() == (tmp_path / "out.csv").read_text()
    assert (report.not_shown[NO_EVIDENCE_FILE], report.files) == (1, ())


@every_codebook
def test_an_export_that_fails_leaves_no_file(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    def failing() -> Iterator[MergedIncident]:
        yield raid
        raise DataError("the store is gone")

    (tmp_path / "out.csv").write_text("older")
    with pytest.raises(DataError, match="the store is gone"):
        FORMATS[name].write(failing(), tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert (tmp_path / "out.csv").read_text() == "older"


@every_codebook
def test_a_folder_that_does_not_exist_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot be written .*; expected a file in a folder that exists"):
        FORMATS[name].write([], tmp_path / "none" / "out.csv")


def test_tables_in_files_of_one_stem_have_each_their_evidence(raid: MergedIncident, tmp_path: Path) -> None:
    for name in ("acled", "ucdp"):
        FORMATS[name].write([raid], tmp_path / f"raids.{name}")
    FORMATS["acled"].write([raid], tmp_path / "raids.csv")
    names = {path.name for path in tmp_path.iterdir() if "evidence" in path.name}
    assert names == {"raids.acled.evidence.csv", "raids.ucdp.evidence.csv", "raids.evidence.csv"}
    acled, ucdp = (tmp_path.joinpath(f"raids.{name}.evidence.csv").read_text() for name in ("acled", "ucdp"))
    assert acled != ucdp


@every_codebook
def test_evidence_replaces_no_file_but_evidence(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    notes = tmp_path / "out.evidence.csv"
    notes.write_text("my own notes\n")
    with pytest.raises(DataError, match=r"out.evidence.csv: is no evidence that an export wrote.*name another output"):
        FORMATS[name].write([raid], tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == [notes.name]
    assert notes.read_text() == "my own notes\n"
    notes.unlink()
    for _ in range(2):
        FORMATS[name].write([raid], tmp_path / "out.csv")
    assert notes.read_text().startswith("row_id,")


def test_what_is_no_file_gets_the_table_alone(raid: MergedIncident) -> None:
    assert FORMATS["acled"].write([raid], Path("/dev/null")).files == (Path("/dev/null"),)
    assert not Path("/dev/null.evidence.csv").exists()


@every_codebook
def test_incidents_are_taken_one_at_a_time(name: str, bare: MergedIncident, tmp_path: Path) -> None:
    taken = 0

    def counting() -> Iterator[MergedIncident]:
        nonlocal taken
        while taken < 100:
            taken += 1
            yield bare

    class Watching(io.StringIO):
        def write(self, text: str) -> int:
            most_ahead.append(taken - self.getvalue().count("\n"))
            return super().write(text)

    most_ahead: list[int] = []
    write_text = FORMATS[name].write_text
    assert write_text
    write_text(counting(), Watching())
    assert max(most_ahead) <= 1


def test_a_column_that_the_codebook_lacks_is_refused(raid: MergedIncident) -> None:
    narrow = Codebook(ACLED.columns[:3], ACLED.cells, {}, ACLED.left_out, ACLED.own)
    with pytest.raises(ValueError, match="event_type"):
        write_codebook_text(narrow, [raid], io.StringIO())


@every_codebook
def test_a_row_is_a_line_for_the_csv_module_too(name: str, raid: MergedIncident, tmp_path: Path) -> None:
    FORMATS[name].write([raid], tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as stream:
        lines = list(csv.reader(stream, strict=True))
    assert {len(line) for line in lines} == {len(CODEBOOKS[name].columns)}
