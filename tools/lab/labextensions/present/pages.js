// What a notebook's metadata make of it: pages of cells, and the steps in which they appear.

// A cell's slide type: a cell without one belongs to the page before it.
const typeOf = (cell) => cell.getMetadata("slideshow")?.slide_type ?? "-";

// Pages of a list of cell models: {section, cells, notes}; a cell is {index, step, fold}: step is
// the number of keys after which it shows, fold whether its code is put away. `section` is the heading of the slide that the page belongs to.
export function pagesOf(models) {
  const pages = [];
  let section = "";
  models.forEach((model, index) => {
    const type = typeOf(model);
    if (type === "skip") return;
    if (type === "slide") section = headingOf(model) ?? section;
    if (!pages.length || type === "slide" || type === "subslide") {
      pages.push({ section, opens: type === "slide" || !pages.length, cells: [], notes: [] });
    }
    const page = pages.at(-1);
    const { notes, fold = false } = model.getMetadata("slideshow") ?? {};
    if (notes) page.notes.push(notes);
    if (type === "notes") return void page.notes.push(model.sharedModel.getSource());
    const last = page.cells.at(-1)?.step ?? 0;
    const step = type === "fragment" && page.cells.length ? last + 1 : last;
    page.cells.push({ index, step, fold });
  });
  return pages.filter((page) => page.cells.length);
}

// One entry for each key of a whole show: {page, step}, both numbers.
export function stepsOf(pages) {
  return pages.flatMap((page, number) => {
    const last = page.cells.at(-1).step;
    return Array.from({ length: last + 1 }, (_, step) => ({ page: number, step }));
  });
}

// The minutes that a note plans: its line "Minutes: 4".
export function minutesOf(notes) {
  const found = notes.join("\n").matchAll(/^Minutes: *([\d.]+)/gm);
  return [...found].reduce((sum, match) => sum + Number(match[1]), 0);
}

function headingOf(model) {
  const match = /^#{1,2} +(.+)$/m.exec(model.sharedModel.getSource());
  return match?.[1].replaceAll("`", "");
}
