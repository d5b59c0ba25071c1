"""Tables: a gazetteer of the user's is read, or all that is wrong with it is told."""

from pathlib import Path

import pytest

from tocsin.data.errors import DataError
from tocsin.data.gazetteers.tables import read_gazetteer, shipped


def write(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "own.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def test_a_name_alone_is_a_base(tmp_path: Path) -> None:
    (entry,) = read_gazetteer(write(tmp_path, "name", "Fort Dane"))
    assert (entry.id, entry.name, entry.layer) == ("base:fort-dane", "Fort Dane", "base")
    assert (entry.latitude, entry.where_prec, entry.countries) == (None, None, ())


def test_every_column_is_read(tmp_path: Path) -> None:
    (entry,) = read_gazetteer(
        write(
            tmp_path,
            "layer,id,name,aliases,kind,country,operator,latitude,longitude,where_prec,admin1,code,sector,inter,parent,source",
            "actor,own:1,Red Front,RF| Front |RF,rebel group,IQ|SY,nobody,33.5,-44.25,4,01,IRQREB,REB,2,own:2,a book",
        )
    )
    assert entry.aliases == ("RF", "Front")
    assert (entry.id, entry.layer, entry.kind, entry.countries) == ("own:1", "actor", "rebel group", ("IQ", "SY"))
    assert (entry.latitude, entry.longitude, entry.where_prec, entry.admin1) == (33.5, -44.25, 4, "01")
    assert (entry.code, entry.sector, entry.inter, entry.parent) == ("IRQREB", "REB", "2", "own:2")
    assert (entry.operator, entry.source) == ("nobody", "a book")


def test_a_position_without_a_precision_is_exact(tmp_path: Path) -> None:
    (entry,) = read_gazetteer(write(tmp_path, "name,latitude,longitude", "Fort Dane,1,2"))
    assert entry.where_prec == 1


def test_a_byte_order_mark_capitals_and_blank_lines_are_fine(tmp_path: Path) -> None:
    path = write(tmp_path, "Name, Country", "Fort Dane, IQ", "", "Camp Vale,", encoding="utf-8-sig")
    assert [(entry.name, entry.countries) for entry in read_gazetteer(path)] == [
        ("Fort Dane", ("IQ",)),
        ("Camp Vale", ()),
    ]


def test_a_quoted_name_may_hold_a_comma(tmp_path: Path) -> None:
    (entry,) = read_gazetteer(write(tmp_path, "name,country", '"Dane, Fort",GB'))
    assert entry.name == "Dane, Fort"


def test_rows_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path, "name,layer,country", "Salihiyah,place,SY", "Salihiyah,place,IQ")
    assert [entry.id for entry in read_gazetteer(path)] == ["place:salihiyah", "place:salihiyah-2"]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        pytest.param(["name,colour", "Fort Dane,red"], ":1: column 'colour' is not known; expected", id="column"),
        pytest.param(["id,country", "x,IQ"], ":1: column 'name' is missing", id="no name column"),
        pytest.param(["name;country", "Fort Dane;IQ"], ":1: column 'name;country' is not known", id="semicolons"),
        pytest.param(["name,name", "a,b"], ":1: a column is given twice", id="column twice"),
        pytest.param(["name,country", "Fort Dane"], ":2: has 1 cells; expected 2", id="row too short"),
        pytest.param(["name", "Fort Dane,IQ"], ":2: has 2 cells; expected 1", id="row too long"),
        pytest.param(["name,country", ",IQ"], ":2: name '' has no letter or digit", id="empty name"),
        pytest.param(["name", "--"], ":2: name '--' has no letter or digit", id="name of marks"),
        pytest.param(["name,layer", "Dane,fort"], ":2: layer 'fort' is not known; expected one of: base", id="layer"),
        pytest.param(["name,country", "Dane,Iraq"], ":2: country 'Iraq' is no code of two capitals", id="country"),
        pytest.param(["name,latitude,longitude", "Dane,91,2"], ":2: latitude '91' is no number from -90", id="range"),
        pytest.param(["name,latitude,longitude", "Dane,1,nan"], ":2: longitude 'nan' is no number", id="not a number"),
        pytest.param(["name,latitude,longitude", "Dane,1°N,2"], ":2: latitude '1°N' is no number", id="degrees"),
        pytest.param(["name,latitude,longitude", "Dane,1,"], ":2: has a latitude or a longitude alone", id="half"),
        pytest.param(
            ["name,where_prec", "Dane,8"], ":2: where_prec '8' is no whole number from 1 to 7", id="precision"
        ),
        pytest.param(["name,inter", "Dane,1.5"], ":2: inter '1.5' is no whole number from 1 to 8", id="inter"),
        pytest.param(["name,id", "Dane,x", "Vale,x"], ":3: id 'x' is that of line 2 too", id="id twice"),
        pytest.param(["name", '"Dane'], ":2: is no CSV", id="open quote"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(tmp_path: Path, lines: list[str], fault: str) -> None:
    path = write(tmp_path, *lines)
    with pytest.raises(DataError) as raised:
        read_gazetteer(path)
    assert str(raised.value).startswith(f"{path}{fault}")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "name,layer,inter", "Dane,fort,9", "Vale,base,x")
    with pytest.raises(DataError) as raised:
        read_gazetteer(path)
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [f"{path}:2", f"{path}:2", f"{path}:3"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(b"", "is empty; expected a header", id="empty"),
        pytest.param("name\nDépôt\n".encode("latin-1"), "is not UTF-8", id="Latin-1"),
        pytest.param("name\nDane\n".encode("utf-16"), "is UTF-16", id="UTF-16"),
    ],
)
def test_a_file_that_is_no_table_is_told(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"own.csv: .*{fault}"):
        read_gazetteer(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv: no such file"):
        read_gazetteer(tmp_path / "none.csv")


def test_the_shipped_tables_can_be_read_and_have_what_their_layers_need() -> None:
    bases, actors, regions = shipped("bases", "base"), shipped("actors", "actor"), shipped("regions", "place")
    assert len(bases) >= 300
    assert len(actors) >= 400
    assert all(entry.where_prec and entry.latitude is not None for entry in (*bases, *regions))
    assert all(entry.code and entry.sector for entry in actors)
    known = {entry.id for entry in actors}
    assert {entry.parent for entry in actors if entry.parent} <= known
    assert all(entry.source for entry in (*bases, *actors, *regions))


def test_of_the_shipped_regions_one_and_no_more_gives_a_unit_its_name() -> None:
    units = [entry for entry in shipped("regions", "place") if entry.where_prec == 4 and entry.admin1]
    codes = {(entry.country, entry.admin1): entry.name for entry in units}
    assert len(codes) == len(units)
    assert (codes["PS", "GZ"], codes["PH", "14"], codes["UA", "11"]) == ("Gaza Strip", "Bangsamoro", "Crimea")
