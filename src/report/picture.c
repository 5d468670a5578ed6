/*
 * The layout of a picture. Heights are maps and widths are channels, both on logarithmic scales, so
 * that 1 and 4096 fit side by side. Boxes fill lines as words do.
 */
#include "report/picture.h"

#include <string.h>

#include "base/arena.h"
#include "base/shape_text.h"
#include "ops/op.h"

enum {
    LEAST = 10, /* of any side of a box */
    SLICE = 7,  /* the least width of a slice */
    MOST_HEIGHT = 132,
    DOUBLING = 5,    /* what twice the channels are wider */
    NAME_SHOWN = 18, /* letters of a name */
    GAP = 26,        /* between boxes, for an arrow */
    TEXT_GAP = 14,   /* between texts */
    ONE = 64         /* a logarithm of 1 */
};

/* The logarithm to base 2 in steps of 1/64, straight between powers; 0 for sizes that are not
 * known or not there. */
static int64_t logarithm(int64_t n)
{
    int64_t whole = 0;
    int64_t power = 1;
    if (n < 1) {
        return 0;
    }
    while (power <= n / 2) {
        power *= 2;
        whole++;
    }
    const int64_t rest = n - power;
    return whole * ONE + (power > INT64_MAX / ONE ? rest / (power / ONE) : rest * ONE / power);
}

/* ---- boxes ---- */

/* A writer that keeps what it has room for. */
static bool keep(void *user, const char *data, size_t size)
{
    cnn_picture_text *text = user;
    const size_t room = sizeof text->data - text->size;
    size = size < room ? size : room;
    memcpy(text->data + text->size, data, size);
    text->size += size;
    return true;
}

cnn_picture_text cnn_picture_name(const cnn_report *report, const cnn_row *row)
{
    static const char dots[] = "\xE2\x80\xA6"; /* U+2026 */
    cnn_picture_text text = {.size = 0};
    cnn_writer to = {keep, &text};
    cnn_out out;
    cnn_out_open(&out, &to);
    if (row->number == 0) {
        cnn_out_string(&out, "input");
    } else {
        if (report->every_layer) { /* or one would not know which relu is meant */
            cnn_out_int(&out, row->number);
            cnn_out_char(&out, ' ');
        }
        cnn_row_put_name(report, row, &out);
    }
    cnn_out_close(&out);
    for (size_t i = 0; i < text.size; i++) {
        const bool begins = ((unsigned char)text.data[i] & 0xC0) != 0x80;
        if (begins && text.letters == NAME_SHOWN) {
            memcpy(text.data + i, dots, sizeof dots - 1); /* there is room: it was longer */
            text.size = i + sizeof dots - 1;
            text.letters++;
            break;
        }
        text.letters += begins;
    }
    return text;
}

static int64_t text_width(const cnn_report *report, const cnn_row *row)
{
    cnn_out counter;
    int64_t most = cnn_picture_name(report, row).letters;
    cnn_out_open(&counter, NULL);
    cnn_out_shape(&counter, &row->last->out);
    most = cnn_out_columns(&counter) > most ? cnn_out_columns(&counter) : most;
    cnn_out_open(&counter, NULL);
    cnn_out_grouped(&counter, cnn_row_params(report, row));
    most = cnn_out_columns(&counter) > most ? cnn_out_columns(&counter) : most;
    return most * CNN_PICTURE_LETTER;
}

int32_t cnn_picture_family(const cnn_report *report, const cnn_row *row)
{
    if (row->number == 0) {
        return CNN_PICTURE_INPUT;
    }
    int64_t most = -1;
    size_t family = cnn_family_count;
    for (int32_t i = row->first; i < row->end; i++) {
        const cnn_layer *layer = &report->net->layers[i];
        if (layer->weights + layer->biases > most) {
            most = layer->weights + layer->biases;
            family = cnn_op_family(layer->op);
        }
    }
    return family == cnn_family_count ? CNN_PICTURE_OTHERS : (int32_t)family;
}

/* A side of the map, relative to the largest one of the network. */
static int64_t side_length(int64_t side, int64_t largest)
{
    return LEAST + (MOST_HEIGHT - LEAST) * logarithm(side) / logarithm(largest);
}

static void measure(const cnn_report *report, cnn_picture_box *box, int64_t largest)
{
    const cnn_shape *out = &box->row.last->out;
    const bool map = out->axes > 0;
    box->family = cnn_picture_family(report, &box->row);
    box->width = LEAST + DOUBLING * logarithm(out->channels) / ONE;
    box->height = map ? side_length(out->side[0], largest) : LEAST;
    box->slices = box->row.end - box->row.first;
    box->slices = box->slices > box->width / SLICE ? (int32_t)(box->width / SLICE) : box->slices;
    /* a sequence has no second side: its boxes are flat */
    box->depth = (map ? side_length(out->side[1], largest) : LEAST) / 5;
    const int64_t text = text_width(report, &box->row) + TEXT_GAP;
    const int64_t drawn = box->width + box->depth + GAP;
    box->cell = text > drawn ? text : drawn;
}

static int64_t largest_side(const cnn_network *net)
{
    int64_t largest = 2;
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_shape *out = &net->layers[i].out;
        for (int32_t axis = 0; axis < out->axes; axis++) {
            largest = out->side[axis] > largest ? out->side[axis] : largest;
        }
    }
    return largest;
}

int32_t cnn_picture_count(const cnn_report *report)
{
    int32_t count = 0;
    cnn_row row;
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        count++;
    }
    return count;
}

/* Rows are counted first, so that the boxes are one array. */
static bool make_boxes(cnn_report *report, cnn_picture *picture)
{
    const int64_t largest = largest_side(report->net);
    cnn_row row;
    picture->box_count = cnn_picture_count(report);
    picture->boxes = CNN_NEW_ARRAY(&report->scratch, cnn_picture_box, picture->box_count);
    picture->linear = CNN_NEW_ARRAY(&report->scratch, bool, picture->box_count);
    if (picture->boxes == NULL || picture->linear == NULL) {
        return false;
    }
    cnn_picture_box *box = picture->boxes;
    for (int32_t at = 0; cnn_rows_next(report, &at, &row); box++) {
        box->row = row;
        measure(report, box, largest);
    }
    return true;
}

/* ---- connections ---- */

/* The box that a layer is part of. */
static int32_t box_of(const cnn_picture *picture, int32_t layer)
{
    int32_t low = 0, high = picture->box_count - 1;
    while (low < high) {
        const int32_t middle = low + (high - low + 1) / 2;
        if (picture->boxes[middle].row.first <= layer) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

/* Calls for every connection from an earlier box, once for each. `seen` has a place for each box.
 */
static int32_t connect(const cnn_report *report, cnn_picture *picture, int32_t *seen,
                       cnn_picture_skip *out)
{
    int32_t count = 0;
    memset(seen, 0, sizeof(int32_t) * (size_t)picture->box_count);
    for (int32_t to = 1; to < picture->box_count; to++) {
        const cnn_row *row = &picture->boxes[to].row;
        for (int32_t i = row->first; i < row->end; i++) {
            const cnn_layer *layer = &report->net->layers[i];
            for (int32_t k = 0; k < layer->source_count; k++) {
                const int32_t from = box_of(picture, layer->sources[k]);
                if (from == to || seen[from] == to) {
                    continue;
                }
                seen[from] = to;
                picture->linear[from] = picture->linear[from] || from == to - 1;
                if (from == to - 1) {
                    continue;
                }
                if (out != NULL) {
                    out[count] = (cnn_picture_skip){.from = from, .to = to};
                }
                count++;
            }
        }
    }
    return count;
}

static bool make_skips(cnn_report *report, cnn_picture *picture)
{
    int32_t *seen = CNN_NEW_ARRAY(&report->scratch, int32_t, picture->box_count);
    if (seen == NULL) {
        return false;
    }
    picture->skip_count = connect(report, picture, seen, NULL);
    picture->skips = CNN_NEW_ARRAY(&report->scratch, cnn_picture_skip, picture->skip_count);
    if (picture->skips == NULL) {
        return false;
    }
    (void)connect(report, picture, seen, picture->skips);
    return true;
}

/* ---- lines ---- */

/* The width of a box in line `line`: a note above it, which names a box of another line, needs room
 * beside the notes of its neighbours. `skip` and those after it are the skips not yet placed. */
static int64_t cell_in_line(const cnn_report *report, const cnn_picture *picture, int32_t index,
                            int32_t line, int32_t skip)
{
    int64_t cell = picture->boxes[index].cell;
    for (; skip < picture->skip_count && picture->skips[skip].to == index; skip++) {
        const cnn_picture_box *from = &picture->boxes[picture->skips[skip].from];
        const int64_t letters = cnn_picture_name(report, &from->row).letters + 5; /* "from " */
        const int64_t width = letters * CNN_PICTURE_LETTER + TEXT_GAP;
        cell = from->line != line && width > cell ? width : cell;
    }
    return cell;
}

/* Every line takes as many boxes as fit. */
static bool make_lines(cnn_report *report, cnn_picture *picture)
{
    picture->lines = CNN_NEW_ARRAY(&report->scratch, cnn_picture_line, picture->box_count);
    if (picture->lines == NULL) {
        return false;
    }
    int64_t x = CNN_PICTURE_MARGIN;
    int32_t line = 0, skip = 0;
    for (int32_t i = 0; i < picture->box_count; i++) {
        cnn_picture_box *box = &picture->boxes[i];
        int64_t cell = cell_in_line(report, picture, i, line, skip);
        if (i > picture->lines[line].first && x + cell > CNN_PICTURE_WIDTH - CNN_PICTURE_MARGIN) {
            line++;
            picture->lines[line].first = i;
            x = CNN_PICTURE_MARGIN;
            cell = cell_in_line(report, picture, i, line, skip);
        }
        while (skip < picture->skip_count && picture->skips[skip].to == i) {
            skip++;
        }
        box->line = line;
        box->cell = cell;
        box->x = x + (cell - box->width - box->depth) / 2;
        box->text_x = x + cell / 2;
        x += cell;
        picture->lines[line].end = i + 1;
        const int64_t width = x + CNN_PICTURE_MARGIN;
        picture->width = width > picture->width ? width : picture->width;
    }
    picture->line_count = line + 1;
    return true;
}

/* The skips of one line do not touch: shorter ones lie lower. Returns the highest level. */
static int32_t choose_levels(cnn_picture *picture, int32_t first, int32_t end, int32_t boxes)
{
    int32_t most = 0;
    for (int32_t span = 2; span < boxes; span++) {
        for (int32_t i = first; i < end; i++) {
            cnn_picture_skip *skip = &picture->skips[i];
            if (skip->to - skip->from != span ||
                picture->boxes[skip->from].line != picture->boxes[skip->to].line) {
                continue;
            }
            skip->level = 1;
            for (int32_t k = first; k < end; k++) {
                const cnn_picture_skip *other = &picture->skips[k];
                const bool meets = other->from <= skip->to && skip->from <= other->to;
                if (k != i && meets && other->level >= skip->level) {
                    skip->level = other->level + 1;
                }
            }
            most = skip->level > most ? skip->level : most;
        }
    }
    return most;
}

/* What comes from other lines is noted on the boxes. Returns the highest stack of notes. */
static int32_t choose_notes(cnn_picture *picture, int32_t first, int32_t end)
{
    int32_t most = 0;
    for (int32_t i = first; i < end; i++) {
        cnn_picture_skip *skip = &picture->skips[i];
        cnn_picture_box *box = &picture->boxes[skip->to];
        if (skip->level == 0) {
            skip->note = ++box->notes;
            most = box->notes > most ? box->notes : most;
        }
    }
    return most < CNN_PICTURE_NOTES ? most : CNN_PICTURE_NOTES;
}

static int64_t tallest_box(const cnn_picture *picture, const cnn_picture_line *line)
{
    int64_t tallest = 0;
    for (int32_t i = line->first; i < line->end; i++) {
        const int64_t height = picture->boxes[i].height + picture->boxes[i].depth;
        tallest = height > tallest ? height : tallest;
    }
    return tallest;
}

/* From top to bottom: each line has its skips and notes, its boxes, and below them their text. */
static void place_lines(cnn_picture *picture)
{
    int64_t y = picture->legend_end;
    int32_t skip = 0;
    for (int32_t i = 0; i < picture->line_count; i++) {
        cnn_picture_line *line = &picture->lines[i];
        const int64_t tallest = tallest_box(picture, line);
        const int32_t first = skip;
        while (skip < picture->skip_count && picture->skips[skip].to < line->end) {
            skip++;
        }
        const int32_t levels = choose_levels(picture, first, skip, line->end - line->first);
        line->notes = choose_notes(picture, first, skip);
        y += CNN_PICTURE_LEVEL * (int64_t)(levels + line->notes + 2);
        line->top = y;
        for (int32_t k = line->first; k < line->end; k++) {
            picture->boxes[k].y = y + tallest / 2;
        }
        y += tallest;
        line->text_y = y + CNN_PICTURE_TEXT + CNN_PICTURE_TEXT / 2;
        y += (int64_t)5 * CNN_PICTURE_TEXT;
    }
    picture->height = y + (int64_t)3 * CNN_PICTURE_TEXT;
}

cnn_picture *cnn_picture_make(cnn_report *report, cnn_legend_height *legend)
{
    cnn_picture *picture = CNN_NEW(&report->scratch, cnn_picture);
    if (picture == NULL || !make_boxes(report, picture) || !make_skips(report, picture) ||
        !make_lines(report, picture)) {
        return NULL;
    }
    picture->legend_end = legend(picture);
    place_lines(picture);
    return picture;
}
