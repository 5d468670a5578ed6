/* The picture as SVG. Its colours suit light and dark pages: the reader's preference decides. The
 * rules of its style hold for it alone, so that it can be part of a page. */
#include <string.h>

#include "base/shape_text.h"
#include "ops/op.h"
#include "report/picture.h"

/* Fills: of the families in the order of their table, of the input, of what is neither. */
static const char *const colours[] = {"#4a86e8", "#9a6dd7", "#e2725b", "#35a79c", "#d9a520",
                                      "#6fa95a", "#d667a3", "#9aa4af", "#6c86a8"};

enum { LEGEND_SQUARE = 11, LEAST_WIDTH = 480 };

/* ---- small pieces ---- */

static void put_number(cnn_out *out, const char *before, int64_t n)
{
    cnn_out_string(out, before);
    cnn_out_int(out, n);
}

/* <text class="c" x="..." y="...">, to be followed by text and </text> */
static void begin_text(cnn_out *out, const char *class, int64_t x, int64_t y)
{
    cnn_out_string(out, "<text class=\"");
    cnn_out_string(out, class);
    put_number(out, "\" x=\"", x);
    put_number(out, "\" y=\"", y);
    cnn_out_string(out, "\">");
}

static void end_text(cnn_out *out)
{
    cnn_out_string(out, "</text>\n");
}

static void begin_path(cnn_out *out, const char *class, int64_t x, int64_t y)
{
    cnn_out_string(out, "<path class=\"");
    cnn_out_string(out, class);
    put_number(out, "\" d=\"M", x);
    put_number(out, " ", y);
}

static void end_path(cnn_out *out)
{
    cnn_out_string(out, "\"/>\n");
}

static const char *colour_of(int32_t family)
{
    return colours[(size_t)family % CNN_LENGTH(colours)];
}

/* ---- legend ---- */

static const char *family_title(int32_t family)
{
    return family == CNN_PICTURE_INPUT    ? "input"
           : family == CNN_PICTURE_OTHERS ? "others"
                                          : cnn_families[family]->title;
}

static bool is_shown(const cnn_picture *picture, int32_t family)
{
    for (int32_t i = 0; i < picture->box_count; i++) {
        if (picture->boxes[i].family == family) {
            return true;
        }
    }
    return false;
}

static int64_t picture_width(const cnn_picture *picture)
{
    return picture->width > LEAST_WIDTH ? picture->width : LEAST_WIDTH;
}

/* Entries side by side, in as many lines as they need; without `out` they are only measured. */
static int64_t walk_legend(const cnn_picture *picture, cnn_out *out)
{
    int64_t x = CNN_PICTURE_MARGIN, y = CNN_PICTURE_MARGIN;
    for (int32_t family = 0; family <= CNN_PICTURE_OTHERS; family++) {
        if (!is_shown(picture, family)) {
            continue;
        }
        const char *title = family_title(family);
        const int64_t width =
            LEGEND_SQUARE + 6 + (int64_t)strlen(title) * (CNN_PICTURE_LETTER - 1) + 20;
        if (x > CNN_PICTURE_MARGIN && x + width > picture_width(picture)) {
            x = CNN_PICTURE_MARGIN;
            y += CNN_PICTURE_TEXT + 3;
        }
        if (out != NULL) {
            put_number(out, "<rect x=\"", x);
            put_number(out, "\" y=\"", y);
            put_number(out, "\" width=\"", LEGEND_SQUARE);
            put_number(out, "\" height=\"", LEGEND_SQUARE);
            cnn_out_string(out, "\" rx=\"2\" fill=\"");
            cnn_out_string(out, colour_of(family));
            cnn_out_string(out, "\"/>\n");
            begin_text(out, "legend", x + LEGEND_SQUARE + 6, y + LEGEND_SQUARE - 1);
            cnn_out_string(out, title);
            end_text(out);
        }
        x += width;
    }
    return y + CNN_PICTURE_TEXT;
}

static int64_t legend_height(const cnn_picture *picture)
{
    return walk_legend(picture, NULL);
}

/* ---- boxes ---- */

static void put_face(cnn_out *out, const char *shade, const int64_t (*corner)[2])
{
    begin_path(out, shade, corner[0][0], corner[0][1]);
    for (int32_t i = 1; i < 4; i++) {
        put_number(out, "L", corner[i][0]);
        put_number(out, " ", corner[i][1]);
    }
    cnn_out_string(out, "Z");
    end_path(out);
}

/* A cuboid, sliced where it stands for several layers: the front, and the top and right sides in
 * the same colour with light and shade. */
static void put_cuboid(cnn_out *out, const cnn_picture_box *box)
{
    const int64_t left = box->x, right = box->x + box->width, d = box->depth;
    const int64_t top = box->y - box->height / 2 + d / 2, bottom = top + box->height;
    const int64_t above[][2] = {
        {left, top}, {left + d, top - d}, {right + d, top - d}, {right, top}};
    const int64_t beside[][2] = {
        {right, top}, {right + d, top - d}, {right + d, bottom - d}, {right, bottom}};
    const int64_t front[][2] = {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
    put_face(out, "face", front);
    put_face(out, "face", above);
    put_face(out, "light", above);
    put_face(out, "face", beside);
    put_face(out, "shade", beside);
    for (int32_t i = 1; i < box->slices; i++) {
        const int64_t x = left + box->width * i / box->slices;
        begin_path(out, "slice", x, bottom);
        put_number(out, "V", top);
        put_number(out, "L", x + d);
        put_number(out, " ", top - d);
        end_path(out);
    }
}

static void put_name(const cnn_report *report, const cnn_picture_box *box)
{
    const cnn_picture_text name = cnn_picture_name(report, &box->row);
    cnn_out_set_escape(report->out, CNN_ESCAPE_XML);
    cnn_out_bytes(report->out, name.data, name.size);
    cnn_out_set_escape(report->out, CNN_ESCAPE_NONE);
}

/* Name, shape, parameters; of several layers, how many. */
static void put_labels(const cnn_report *report, const cnn_picture_box *box)
{
    cnn_out *out = report->out;
    int64_t y = report->picture->lines[box->line].text_y;
    begin_text(out, "name", box->text_x, y);
    put_name(report, box);
    end_text(out);
    begin_text(out, "number", box->text_x, y += CNN_PICTURE_TEXT);
    cnn_out_shape(out, &box->row.last->out);
    end_text(out);
    const int64_t params = cnn_row_params(report, &box->row);
    if (params > 0) {
        begin_text(out, "number", box->text_x, y += CNN_PICTURE_TEXT);
        cnn_out_grouped(out, params);
        end_text(out);
    }
    const int32_t layers = box->row.end - box->row.first;
    if (box->row.layer == NULL) {
        begin_text(out, "note", box->text_x, y + CNN_PICTURE_TEXT);
        cnn_out_int(out, layers);
        cnn_out_string(out, layers == 1 ? " layer" : " layers");
        end_text(out);
    }
}

/* What a reader sees who points at a box. */
static void put_title(const cnn_report *report, const cnn_row *row)
{
    cnn_out *out = report->out;
    const cnn_subject of = {.first = row->first, .end = row->end};
    int64_t macs = 0; /* part of a total that fits */
    (void)cnn_sum_of(cnn_quantity_named("macs"), &of, report->net->layers, &report->numbers, &macs);
    cnn_out_string(out, "<title>");
    cnn_out_set_escape(out, CNN_ESCAPE_XML);
    if (row->number > 0) {
        cnn_row_put_name(report, row, out);
    } else {
        cnn_out_string(out, "input");
    }
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_string(out, ": ");
    cnn_out_shape(out, &row->last->out);
    cnn_out_string(out, ", ");
    cnn_out_grouped(out, cnn_row_params(report, row));
    cnn_out_string(out, " parameters, ");
    cnn_out_grouped(out, macs);
    cnn_out_string(out, " MACs</title>\n");
}

/* A box with its text: one group, which is marked with the number of its row in the table. */
static void put_box(const cnn_report *report, const cnn_picture_box *box)
{
    cnn_out *out = report->out;
    cnn_out_string(out, box->row.aux ? "<g class=\"aux\" data-row=\"" : "<g data-row=\"");
    cnn_out_int(out, box->row.number);
    cnn_out_string(out, "\" fill=\"");
    cnn_out_string(out, colour_of(box->family));
    cnn_out_string(out, "\">\n");
    put_title(report, &box->row);
    put_cuboid(out, box);
    put_labels(report, box);
    cnn_out_string(out, "</g>\n");
}

/* ---- connections ---- */

static int64_t box_top(const cnn_picture_box *box)
{
    return box->y - box->height / 2 - box->depth / 2;
}

/* To the next box; where that stands in the next line, an arrow leaves and another one enters. */
static void put_arrow(const cnn_picture *picture, int32_t from, cnn_out *out)
{
    const cnn_picture_box *a = &picture->boxes[from], *b = a + 1;
    const bool wraps = a->line != b->line;
    const int64_t start = a->x + a->width + a->depth + 4;
    begin_path(out, "arrow", start, a->y);
    put_number(out, "H", wraps ? start + 14 : b->x - 5);
    end_path(out);
    if (wraps) {
        begin_path(out, "arrow", b->x - 20, b->y);
        put_number(out, "H", b->x - 5);
        end_path(out);
    }
}

/* "from a", "from b", "and 7 more", one above the other. */
static void put_note(const cnn_report *report, const cnn_picture_skip *skip)
{
    const cnn_picture_box *from = &report->picture->boxes[skip->from];
    const cnn_picture_box *to = &report->picture->boxes[skip->to];
    const int32_t rest = to->notes - CNN_PICTURE_NOTES + 1;
    if (skip->note > CNN_PICTURE_NOTES) {
        return;
    }
    begin_text(report->out, "note", to->x + (to->width + to->depth) / 2,
               box_top(to) + 6 - CNN_PICTURE_LEVEL * (int64_t)skip->note);
    if (skip->note == CNN_PICTURE_NOTES && rest > 1) {
        put_number(report->out, "and ", rest);
        cnn_out_string(report->out, " more");
    } else {
        cnn_out_string(report->out, "from ");
        put_name(report, from);
    }
    end_text(report->out);
}

static int64_t above_notes(const cnn_picture_line *line, const cnn_picture_box *box)
{
    return box_top(box) - CNN_PICTURE_LEVEL * (int64_t)(box->notes > 0 ? line->notes : 0);
}

/* Above the boxes of a line; between lines only a note says where the value comes from. */
static void put_skip(const cnn_report *report, const cnn_picture_skip *skip)
{
    cnn_out *out = report->out;
    const cnn_picture *picture = report->picture;
    const cnn_picture_box *a = &picture->boxes[skip->from], *b = &picture->boxes[skip->to];
    const cnn_picture_line *line = &picture->lines[a->line];
    const int64_t y = line->top - CNN_PICTURE_LEVEL * (int64_t)(line->notes + skip->level);
    if (skip->level == 0) {
        put_note(report, skip);
        return;
    }
    begin_path(out, "skip", a->x + (a->width + a->depth) / 2 + 4, above_notes(line, a) - 3);
    put_number(out, "V", y + 6);
    cnn_out_string(out, "q0 -6 6 -6");
    put_number(out, "H", b->x + (b->width + b->depth) / 2 - 10);
    cnn_out_string(out, "q6 0 6 6");
    put_number(out, "V", above_notes(line, b) - 5);
    end_path(out);
}

/* ---- the whole ---- */

static void put_style(cnn_out *out)
{
    cnn_out_string(
        out, "<style>\n"
             ".cnncalc text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',"
             "sans-serif;fill:#57606a;text-anchor:middle}\n"
             ".cnncalc .name{fill:#1f2328}\n"
             ".cnncalc .legend,.cnncalc .total{text-anchor:start}\n"
             ".cnncalc .note{font-size:10px;fill:#6e7781}\n"
             ".cnncalc .page{fill:#ffffff}\n"
             ".cnncalc .face{stroke:#ffffff;stroke-width:.8;stroke-linejoin:round}\n"
             ".cnncalc .light{fill:#ffffff;fill-opacity:.28}\n"
             ".cnncalc .shade{fill:#000000;fill-opacity:.2}\n"
             ".cnncalc .slice{fill:none;stroke:#ffffff;stroke-width:.8;stroke-opacity:.75}\n"
             ".cnncalc .aux path{opacity:.6}\n"
             ".cnncalc .arrow,.cnncalc .skip{fill:none;stroke:#6e7781;stroke-width:1.2;"
             "marker-end:url(#cnncalc-tip)}\n"
             ".cnncalc .skip{stroke-dasharray:4 2}\n"
             ".cnncalc .tip{fill:#6e7781}\n"
             "@media (prefers-color-scheme:dark){\n"
             ".cnncalc text{fill:#9da7b3}\n.cnncalc .name{fill:#e6edf3}\n"
             ".cnncalc .note{fill:#8b949e}\n.cnncalc .page{fill:#0d1117}\n"
             ".cnncalc .face,.cnncalc .slice{stroke:#0d1117}\n"
             ".cnncalc .arrow,.cnncalc .skip{stroke:#8b949e}\n.cnncalc .tip{fill:#8b949e}\n}\n"
             "</style>\n"
             "<defs><marker id=\"cnncalc-tip\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" "
             "markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\">"
             "<path class=\"tip\" d=\"M0 0L8 4L0 8Z\"/></marker></defs>\n");
}

static void put_total(const cnn_report *report, int64_t y)
{
    cnn_out *out = report->out;
    begin_text(out, "total", CNN_PICTURE_MARGIN, y);
    cnn_out_grouped(out, report->net->totals.params);
    cnn_out_string(out, " parameters, ");
    cnn_out_grouped(out, report->net->totals.macs);
    cnn_out_string(out, " MACs in all");
    end_text(out);
    begin_text(out, "total", CNN_PICTURE_MARGIN, y + CNN_PICTURE_TEXT);
    cnn_out_string(out, "below each box: its output and its parameters");
    end_text(out);
}

enum { MOST_BOXES = 100000 }; /* 60 MB of text */

bool cnn_prepare_svg(cnn_report *report, cnn_error *err)
{
    report->with_input = true;
    report->machine = false; /* people look at it */
    const int32_t boxes = cnn_picture_count(report);
    if (boxes > MOST_BOXES) {
        const cnn_span place = report->net->layers[report->net->layer_count - 1].span;
        return cnn_fail_numbers(err, CNN_E_PICTURE_SIZE, place, boxes, MOST_BOXES);
    }
    report->picture = cnn_picture_make(report, legend_height);
    if (report->picture == NULL) {
        return cnn_fail_memory(err);
    }
    return true;
}

void cnn_write_svg(cnn_report *report)
{
    cnn_out *out = report->out;
    const cnn_picture *picture = report->picture;
    const int64_t width = picture_width(picture);
    put_number(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"cnncalc\" width=\"", width);
    put_number(out, "\" height=\"", picture->height);
    put_number(out, "\" viewBox=\"0 0 ", width);
    put_number(out, " ", picture->height);
    cnn_out_string(out, "\" role=\"img\">\n<title>");
    cnn_out_int(out, report->net->layer_count - 1);
    cnn_out_string(out, " layers, ");
    cnn_out_grouped(out, report->net->totals.params);
    cnn_out_string(out, " parameters</title>\n");
    put_style(out);
    cnn_out_string(out, "<rect class=\"page\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n");
    walk_legend(picture, out);
    for (int32_t i = 0; i < picture->skip_count; i++) {
        put_skip(report, &picture->skips[i]);
    }
    for (int32_t i = 0; i < picture->box_count; i++) {
        if (picture->linear[i]) {
            put_arrow(picture, i, out);
        }
        put_box(report, &picture->boxes[i]);
    }
    put_total(report, picture->height - (int64_t)2 * CNN_PICTURE_TEXT);
    cnn_out_string(out, "</svg>\n");
}
