/*
 * Numbers over depth as SVG: a panel for each column that is a number, a bar for each row. Bars
 * have the colours of pictures. Places across are tenths of a pixel, so that a thousand rows fit.
 */
#include "base/shape_text.h"
#include "report/bars.h"
#include "report/draw.h"

enum {
    LEFT = 24,
    TOP = 24,
    ACROSS = 752, /* of the bars */
    HIGH = 140,
    HEAD = 24,         /* above the bars, for the title */
    NAMED = 40,        /* rows that have room for a name below their bar */
    NAMES = 130,       /* of the names, which are written upwards */
    NUMBERS = 20,      /* of the rows' numbers, where there is no room for names */
    MOST_ROWS = 20000, /* some MB of text */
    TENTH = 10
};

bool cnn_prepare_plot(cnn_report *report, cnn_error *err)
{
    report->machine = false; /* people look at it */
    if (!cnn_prepare_bars(report, err)) {
        return false;
    }
    const int32_t rows = cnn_picture_count(report);
    if (rows > MOST_ROWS / report->column_count) {
        const cnn_span place = report->net->layers[report->net->layer_count - 1].span;
        err->source = CNN_SOURCE_LAYERS;
        return cnn_fail_numbers(err, CNN_E_PICTURE_SIZE, place,
                                (int64_t)rows * report->column_count, MOST_ROWS);
    }
    return true;
}

/* 12.3 */
static void put_tenths(cnn_out *out, const char *before, int64_t tenths)
{
    cnn_draw_number(out, before, tenths / TENTH);
    if (tenths % TENTH != 0) {
        cnn_draw_number(out, ".", tenths % TENTH);
    }
}

/* A panel on its way. */
typedef struct panel {
    const cnn_report *report;
    const cnn_column *column;
    int32_t rows;
    int64_t top, base; /* of the bars */
    int64_t most;      /* the largest value */
    cnn_row largest;   /* whose it is */
} panel;

/* The left side of the place of a row, in tenths. */
static int64_t place_of(const panel *p, int64_t at)
{
    return LEFT * TENTH + ACROSS * TENTH * at / (p->rows > NAMED / 2 ? p->rows : NAMED / 2);
}

static void put_title(const panel *p)
{
    const cnn_report *report = p->report;
    cnn_draw_text(report->out, "legend", LEFT, p->top - 10);
    cnn_out_string(report->out, p->column->title);
    if (p->most > 0) {
        cnn_out_string(report->out, ", at most ");
        cnn_cell_put(report, p->column, &p->largest, true, report->out);
    }
    cnn_draw_text_end(report->out);
}

static void put_name(const panel *p, const cnn_row *row, int64_t middle)
{
    const cnn_picture_text name = cnn_picture_name(p->report, row);
    cnn_out *out = p->report->out;
    put_tenths(out, "<text class=\"up\" transform=\"translate(", middle + 4 * TENTH);
    cnn_draw_number(out, " ", p->base + 6);
    cnn_out_string(out, ")rotate(-90)\">");
    cnn_out_set_escape(out, CNN_ESCAPE_XML);
    cnn_out_bytes(out, name.data, name.size);
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_draw_text_end(out);
}

/* Of every row's number only as many as there is room for: 1, 2, 5, 10 ... apart. */
static bool is_numbered(const panel *p, const cnn_row *row)
{
    enum { LABELS = 16 };
    static const int32_t steps[] = {1, 2, 5};
    int64_t step = 1, ten = 1;
    for (int32_t i = 0; p->rows / step > LABELS; i++) {
        ten *= i % 3 == 0 && i > 0 ? TENTH : 1;
        step = ten * steps[i % 3];
    }
    return row->number % step == 0;
}

static void put_bar(const panel *p, const cnn_row *row, int64_t at)
{
    const cnn_report *report = p->report;
    cnn_out *out = report->out;
    const int64_t left = place_of(p, at), right = place_of(p, at + 1);
    /* narrow bars touch, or nothing would be left of them */
    const int64_t gap = right - left > 4 * TENTH ? (right - left) / 5 : 0;
    const int64_t value = cnn_bar_value(report, p->column, row);
    const int64_t height = value > 0 ? cnn_bar_length(value, p->most, HIGH) : 0;
    cnn_draw_number(out, "<g data-row=\"", row->number);
    cnn_out_string(out, "\" fill=\"");
    cnn_out_string(out, cnn_draw_colour(cnn_picture_family(report, row)));
    cnn_out_string(out, "\">\n");
    cnn_draw_title(report, row);
    put_tenths(out, "<rect x=\"", left + gap / 2);
    put_tenths(out, "\" width=\"", right - left - gap);
    cnn_draw_number(out, "\" y=\"", p->base - height);
    cnn_draw_number(out, "\" height=\"", height);
    cnn_out_string(out, "\"/>\n");
    if (p->rows <= NAMED) {
        put_name(p, row, (left + right) / 2);
    } else if (is_numbered(p, row)) {
        put_tenths(out, "<text x=\"", (left + right) / 2);
        cnn_draw_number(out, "\" y=\"", p->base + 14);
        cnn_draw_number(out, "\">", row->number);
        cnn_draw_text_end(out);
    }
    cnn_out_string(out, "</g>\n");
}

/* Goes through the rows twice, because bars are relative to the largest value. */
static void put_panel(panel *p)
{
    cnn_row row;
    p->most = 0;
    for (int32_t at = 0; cnn_rows_next(p->report, &at, &row);) {
        const int64_t value = cnn_bar_value(p->report, p->column, &row);
        p->largest = value > p->most ? row : p->largest;
        p->most = value > p->most ? value : p->most;
    }
    put_title(p);
    cnn_draw_path(p->report->out, "axis", LEFT, p->base);
    cnn_draw_number(p->report->out, "H", LEFT + ACROSS);
    cnn_draw_path_end(p->report->out);
    int64_t place = 0;
    for (int32_t at = 0; cnn_rows_next(p->report, &at, &row);) {
        put_bar(p, &row, place++);
    }
}

void cnn_write_plot(cnn_report *report)
{
    panel p = {.report = report, .rows = cnn_picture_count(report)};
    const int64_t below = p.rows <= NAMED ? NAMES : NUMBERS;
    const int64_t each = HEAD + HIGH + below;
    cnn_draw_open(report, CNN_PICTURE_WIDTH, TOP + each * report->column_count + TOP / 2);
    for (int32_t i = 0; i < report->column_count; i++) {
        p.column = &report->columns[i];
        p.top = TOP + each * i + HEAD;
        p.base = p.top + HIGH;
        put_panel(&p);
    }
    cnn_out_string(report->out, "</svg>\n");
}
