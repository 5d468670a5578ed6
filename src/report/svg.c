/* The network as a picture in SVG: boxes, connections, legend. */
#include <string.h>

#include "base/shape_text.h"
#include "ops/op.h"
#include "report/draw.h"

enum { LEGEND_SQUARE = 11, LEAST_WIDTH = 480 };

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
            cnn_draw_number(out, "<rect x=\"", x);
            cnn_draw_number(out, "\" y=\"", y);
            cnn_draw_number(out, "\" width=\"", LEGEND_SQUARE);
            cnn_draw_number(out, "\" height=\"", LEGEND_SQUARE);
            cnn_out_string(out, "\" rx=\"2\" fill=\"");
            cnn_out_string(out, cnn_draw_colour(family));
            cnn_out_string(out, "\"/>\n");
            cnn_draw_text(out, "legend", x + LEGEND_SQUARE + 6, y + LEGEND_SQUARE - 1);
            cnn_out_string(out, title);
            cnn_draw_text_end(out);
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

/* A parallelogram by its four corners. */
static void put_face(cnn_out *out, const char *shade, const int64_t (*corner)[2])
{
    cnn_draw_path(out, shade, corner[0][0], corner[0][1]);
    for (int32_t i = 1; i < 4; i++) {
        cnn_draw_number(out, "L", corner[i][0]);
        cnn_draw_number(out, " ", corner[i][1]);
    }
    cnn_out_string(out, "Z");
    cnn_draw_path_end(out);
}

/* A cuboid, sliced where it is several layers: the front, and the top and right sides in
 * the same colour with light and shade. */
static void put_cuboid(cnn_out *out, const cnn_picture_box *box)
{
    const int64_t left = box->x, right = box->x + box->width, d = box->depth;
    const int64_t top = box->y - box->height / 2 + d / 2, bottom = top + box->height;
    /* seen from the front, above and to the right: hidden faces are not drawn */
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
        cnn_draw_path(out, "slice", x, bottom);
        cnn_draw_number(out, "V", top);
        cnn_draw_number(out, "L", x + d);
        cnn_draw_number(out, " ", top - d);
        cnn_draw_path_end(out);
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
    cnn_draw_text(out, "name", box->text_x, y);
    put_name(report, box);
    cnn_draw_text_end(out);
    cnn_draw_text(out, "number", box->text_x, y += CNN_PICTURE_TEXT);
    cnn_out_shape(out, &box->row.last->out);
    cnn_draw_text_end(out);
    const int64_t params = cnn_row_params(report, &box->row);
    if (params > 0) {
        cnn_draw_text(out, "number", box->text_x, y += CNN_PICTURE_TEXT);
        cnn_out_grouped(out, params);
        cnn_draw_text_end(out);
    }
    const int32_t layers = box->row.end - box->row.first;
    if (box->row.layer == NULL) {
        cnn_draw_text(out, "note", box->text_x, y + CNN_PICTURE_TEXT);
        cnn_out_int(out, layers);
        cnn_out_string(out, layers == 1 ? " layer" : " layers");
        cnn_draw_text_end(out);
    }
}

/* A box with its text: one group, which is marked with the number of its row in the table. */
static void put_box(const cnn_report *report, const cnn_picture_box *box)
{
    cnn_out *out = report->out;
    cnn_out_string(out, box->row.aux ? "<g class=\"aux\" data-row=\"" : "<g data-row=\"");
    cnn_out_int(out, box->row.number);
    cnn_out_string(out, "\" fill=\"");
    cnn_out_string(out, cnn_draw_colour(box->family));
    cnn_out_string(out, "\">\n");
    cnn_draw_title(report, &box->row);
    put_cuboid(out, box);
    put_labels(report, box);
    cnn_out_string(out, "</g>\n");
}

/* ---- connections ---- */

static int64_t box_top(const cnn_picture_box *box)
{
    return box->y - box->height / 2 - box->depth / 2;
}

/* To the next box; where that is in the next line, an arrow leaves and another one enters. */
static void put_arrow(const cnn_picture *picture, int32_t from, cnn_out *out)
{
    const cnn_picture_box *a = &picture->boxes[from], *b = a + 1;
    const bool wraps = a->line != b->line;
    const int64_t start = a->x + a->width + a->depth + 4;
    cnn_draw_path(out, "arrow", start, a->y);
    cnn_draw_number(out, "H", wraps ? start + 14 : b->x - 5);
    cnn_draw_path_end(out);
    if (wraps) {
        /* the second half, at the beginning of the next line */
        cnn_draw_path(out, "arrow", b->x - 20, b->y);
        cnn_draw_number(out, "H", b->x - 5);
        cnn_draw_path_end(out);
    }
}

/* "from a", "from b", "and 7 more", one above the other. */
static void put_note(const cnn_report *report, const cnn_picture_skip *skip)
{
    const cnn_picture_box *from = &report->picture->boxes[skip->from];
    const cnn_picture_box *to = &report->picture->boxes[skip->to];
    /* the last note counts those that have no room, and itself */
    const int32_t rest = to->notes - CNN_PICTURE_NOTES + 1;
    if (skip->note > CNN_PICTURE_NOTES) {
        return;
    }
    cnn_draw_text(report->out, "note", to->x + (to->width + to->depth) / 2,
                  box_top(to) + 6 - CNN_PICTURE_LEVEL * (int64_t)skip->note);
    if (skip->note == CNN_PICTURE_NOTES && rest > 1) {
        cnn_draw_number(report->out, "and ", rest);
        cnn_out_string(report->out, " more");
    } else {
        cnn_out_string(report->out, "from ");
        put_name(report, from);
    }
    cnn_draw_text_end(report->out);
}

/* Where a skip begins and ends: above the notes, where its box has any. */
static int64_t above_notes(const cnn_picture_line *line, const cnn_picture_box *box)
{
    return box_top(box) - CNN_PICTURE_LEVEL * (int64_t)(box->notes > 0 ? line->notes : 0);
}

/* Above the boxes of a line; between lines there is only a note that names the source. */
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
    /* up, round a corner, across, round a corner, down */
    cnn_draw_path(out, "skip", a->x + (a->width + a->depth) / 2 + 4, above_notes(line, a) - 3);
    cnn_draw_number(out, "V", y + 6);
    cnn_out_string(out, "q0 -6 6 -6");
    cnn_draw_number(out, "H", b->x + (b->width + b->depth) / 2 - 10);
    cnn_out_string(out, "q6 0 6 6");
    cnn_draw_number(out, "V", above_notes(line, b) - 5);
    cnn_draw_path_end(out);
}

/* ---- the whole ---- */

static void put_total(const cnn_report *report, int64_t y)
{
    cnn_out *out = report->out;
    cnn_draw_text(out, "total", CNN_PICTURE_MARGIN, y);
    cnn_out_grouped(out, report->net->totals.params);
    cnn_out_string(out, " parameters, ");
    cnn_out_grouped(out, report->net->totals.macs);
    cnn_out_string(out, " MACs in all");
    cnn_draw_text_end(out);
    cnn_draw_text(out, "total", CNN_PICTURE_MARGIN, y + CNN_PICTURE_TEXT);
    cnn_out_string(out, "below each box: its output and its parameters");
    cnn_draw_text_end(out);
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
    cnn_draw_open(report, width, picture->height);
    walk_legend(picture, out);
    /* what is drawn later lies above: boxes cover the ends of connections */
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
