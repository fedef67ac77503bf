"""The form for credentials, as a student uses it: paste, leave the field, read what it says; nothing is saved."""

import nbformat
from lab_page import LabPage
from playwright.sync_api import expect

ID, SECRET = "ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2Vj" + "EXAMPLEtoken" * 20
BLOCK = f"[default]\naws_access_key_id={ID}\naws_secret_access_key={SECRET}\naws_session_token={TOKEN}\n"


def write(lab_page: LabPage, name: str, *cells: str) -> None:
    """Put a notebook with these cells, which knows its kernel, where `open` looks for it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    lab_page.page.request.put(
        f"{lab_page.server}/api/contents/notebooks/{name}",
        headers={"Authorization": f"token {lab_page.token}"},
        data={"type": "notebook", "format": "json", "content": notebook},
    )


def save(lab_page: LabPage) -> None:
    lab_page.page.keyboard.press("Control+s")
    expect(lab_page.page.locator(".jp-mod-dirty")).to_have_count(0)


def test_credentials_are_pasted_with_the_keyboard_and_not_saved(lab_page: LabPage) -> None:
    write(lab_page, "form.ipynb", "import labkit\nlabkit.credentials.ask()", "labkit.credentials.given()")
    lab_page.open("form.ipynb")
    lab_page.run_all()
    page = lab_page.page
    field = page.get_by_label("Credentials", exact=True)
    field.focus()
    page.keyboard.insert_text(BLOCK.replace(TOKEN, ""))  # as a paste arrives: the field makes one line of it
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("The session token is missing")
    field.focus()
    page.keyboard.insert_text(BLOCK)
    page.keyboard.press("Tab")
    expect(page.get_by_role("status").filter(has_text="Taken")).to_contain_text("id ASIA…MPLE")
    expect(field).to_have_value("")
    lab_page.code_cells.last.click()
    page.keyboard.press("Control+Enter")
    expect(lab_page.code_cells.last).to_contain_text("temporary, three parts")
    save(lab_page)
    saved = page.request.get(
        f"{lab_page.server}/api/contents/notebooks/form.ipynb", headers={"Authorization": f"token {lab_page.token}"}
    ).text()
    assert "temporary, three parts" in saved
    assert not any(value in saved for value in (ID, SECRET, TOKEN))


def test_a_wait_on_real_aws_shows_how_far_it_is(lab_page: LabPage) -> None:
    cell = "from datetime import timedelta\nfrom labkit.targets import waiting\nwaiting.sleep(timedelta(seconds=4))"
    write(lab_page, "wait.ipynb", cell)
    lab_page.open("wait.ipynb")
    page = lab_page.page
    lab_page.code_cells.last.click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("progressbar", name="How much of the waiting is done")).to_be_visible()
    expect(page.get_by_text("Waited 4 s.")).to_be_visible()
    expect(page.get_by_role("progressbar", name="How much of the waiting is done")).to_have_count(0)
    save(lab_page)
