/* Tables for people: aligned text, and Markdown. */
#include <string.h>

#include "base/arena.h"
#include "base/shape_text.h"
#include "report/report.h"

enum { BAR_WIDTH = 20, GAP = 2, MOST_KEPT = 1 << 16 };

/*
 * An aligned table on its way. Every cell is needed twice, for the width of its column and for its
 * line: the text of cells is kept, in their order, as long as there is room; the rest is made
 * again.
 */
typedef struct table {
    const cnn_report *report;
    int64_t widths[CNN_MAX_COLUMNS]; /* 0: the column is not shown */
    bool bars;                       /* there is room for them */
    int32_t share;             /* the column of the first share; the number of columns: none */
    const unsigned char *next; /* kept cell to be written; the last ends where `room` begins */
    cnn_arena room;
} table;

/* The header of a kept cell; its text follows. */
typedef struct kept {
    uint16_t size, width;
} kept;

/* A cell in a buffer: its `count` is its width. */
static void make_cell(const table *t, const cnn_column *column, const cnn_row *row, cnn_out *cell)
{
    cnn_out_open(cell, NULL);
    cnn_cell_put(t->report, column, row, true, cell);
}

/* After the first cell that does not fit, none is kept. */
static void keep_cell(table *t, const cnn_out *cell)
{
    const kept head = {(uint16_t)cell->used, (uint16_t)cnn_out_columns(cell)};
    unsigned char *place = cell->failed ? NULL : cnn_arena_push(&t->room, sizeof head + cell->used);
    if (place == NULL) {
        t->room.high = t->room.low;
        return;
    }
    memcpy(place, &head, sizeof head);
    memcpy(place + sizeof head, cell->buffer, cell->used);
}

static void measure(table *t, const cnn_row *row)
{
    for (int32_t i = 0; i < t->report->column_count; i++) {
        cnn_out cell;
        make_cell(t, &t->report->columns[i], row, &cell);
        keep_cell(t, &cell);
        t->widths[i] =
            cnn_out_columns(&cell) > t->widths[i] ? cnn_out_columns(&cell) : t->widths[i];
    }
}

static bool aligned_right(const cnn_column *column)
{
    return column->kind == CNN_CELL_INT || column->kind == CNN_CELL_FRACTION;
}

static int32_t first_share(const cnn_report *report)
{
    int32_t i = 0;
    while (i < report->column_count && !report->columns[i].share) {
        i++;
    }
    return i;
}

/* The first share has a bar at the end of the line. */
static void put_bar(const table *t, const cnn_row *row)
{
    const cnn_report *report = t->report;
    const int32_t i = t->share;
    if (row->title != NULL || i == report->column_count) {
        return;
    }
    cnn_cell cell;
    cnn_cell_get(report, &report->columns[i], row, &cell);
    const bool any = cell.kind == CNN_CELL_FRACTION;
    const int64_t marks = any ? (cell.fraction[0].num * BAR_WIDTH + 500) / 1000 : 0;
    const bool coloured = report->options->style && marks > 0;
    cnn_out_fill(report->out, ' ', marks > 0 ? GAP : 0);
    cnn_out_string(report->out, coloured ? "\x1b[36m" : "");
    cnn_out_fill(report->out, '#', marks);
    cnn_out_string(report->out, coloured ? "\x1b[0m" : "");
}

/* A cell's text and its width; no text: it is too long for a buffer. */
typedef struct cell_text {
    cnn_text text;
    int64_t width;
} cell_text;

/* The next cell that was kept, or it is made again. Without a row it is the column's title. */
static cell_text next_cell(table *t, const cnn_column *column, const cnn_row *row, cnn_out *buffer)
{
    if (row == NULL) {
        const cnn_text title = cnn_text_of(column->title);
        return (cell_text){title, (int64_t)title.size};
    }
    if (t->next < t->room.low) {
        kept head;
        memcpy(&head, t->next, sizeof head);
        const char *text = (const char *)t->next + sizeof head;
        t->next += sizeof head + head.size;
        return (cell_text){{text, head.size}, head.width};
    }
    make_cell(t, column, row, buffer);
    return (cell_text){{buffer->failed ? NULL : buffer->buffer, buffer->used},
                       cnn_out_columns(buffer)};
}

/* One line; blanks are written only when something follows, so no line ends in blanks. */
static void put_line(table *t, const cnn_row *row)
{
    const cnn_report *report = t->report;
    int64_t blanks = 0;
    bool begun = false;
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_column *column = &report->columns[i];
        cnn_out buffer;
        const cell_text cell = next_cell(t, column, row, &buffer);
        if (t->widths[i] == 0) {
            continue;
        }
        const int64_t fill = cell.width < t->widths[i] ? t->widths[i] - cell.width : 0;
        blanks += begun ? GAP : 0;
        begun = true;
        blanks += aligned_right(column) ? fill : 0;
        if (cell.width > 0) {
            cnn_out_fill(report->out, ' ', blanks);
            blanks = 0;
        }
        if (cell.text.data != NULL) {
            cnn_put_shortened(report->out, cell.text, cell.width, t->widths[i]);
        } else if (cell.width > t->widths[i]) { /* what of it was kept is its beginning */
            const cnn_text head = {buffer.buffer, buffer.used};
            cnn_put_shortened(report->out, head, cell.width, t->widths[i]);
        } else {
            cnn_cell_put(report, column, row, true, report->out);
        }
        blanks += aligned_right(column) ? 0 : fill;
    }
    if (row != NULL && t->bars) {
        put_bar(t, row);
    }
}

static void put_styled(table *t, const cnn_row *row)
{
    const cnn_report *report = t->report;
    const bool total = row == NULL || (row->title != NULL && row->numbers == NULL);
    const bool style = report->options->style && total;
    cnn_out_string(report->out, style ? "\x1b[1m" : "");
    cnn_out_char(report->out, ' ');
    put_line(t, row);
    cnn_out_string(report->out, style ? "\x1b[0m\n" : "\n");
}

/* 60,950,432 bytes (60.95 MB): MB are powers of 1000. */
static void put_bytes(cnn_out *out, const char *what, int64_t bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    int64_t hundredths = 0, step = 1; /* of the unit, rounded to nearest */
    size_t unit = 0;
    for (bool large = bytes >= 1000; large; large = hundredths >= 100000) {
        step *= unit == 0 ? 10 : 1000;
        hundredths = bytes / step + (bytes % step >= step / 2);
        unit++;
    }
    cnn_out_string(out, what);
    cnn_out_grouped(out, bytes);
    cnn_out_string(out, " bytes");
    if (unit > 0) {
        cnn_out_string(out, " (");
        cnn_out_int(out, hundredths / 100);
        cnn_out_char(out, '.');
        cnn_out_char(out, (char)('0' + hundredths / 10 % 10));
        cnn_out_char(out, (char)('0' + hundredths % 10));
        cnn_out_char(out, ' ');
        cnn_out_string(out, units[unit]);
        cnn_out_char(out, ')');
    }
}

/* The lines below a table that shows memory name the peak, and those about training what is kept.
 */
bool cnn_prepare_table(cnn_report *report, cnn_error *err)
{
    const uint32_t needs =
        (report->with_input ? CNN_NEEDS_MEMORY : 0) | (report->numbers.trains ? CNN_NEEDS_KEPT : 0);
    return cnn_numbers_prepare(&report->numbers, needs, &report->scratch, err);
}

/* A line below the table: a total in bytes. */
typedef struct memory_line {
    const char *what, *quantity;
} memory_line;

/* What does not fit into 64 bits is left out. */
static void put_lines(const cnn_report *report, const memory_line *lines, size_t count)
{
    cnn_out *out = report->out;
    cnn_out_string(out, " of ");
    cnn_out_int(out, report->numbers.samples);
    cnn_out_string(out, report->numbers.samples == 1 ? " sample in " : " samples in ");
    cnn_out_text(out, report->numbers.dtype);
    cnn_out_char(out, ':');
    for (size_t i = 0; i < count; i++) {
        const cnn_quantity *what = cnn_quantity_named(lines[i].quantity);
        int64_t bytes;
        if (cnn_total_of(what, &report->numbers, &bytes)) {
            put_bytes(out, lines[i].what, bytes);
        }
    }
    cnn_out_char(out, '\n');
}

/* What a forward pass needs, below tables that show memory, and what training needs. */
static void put_memory(const cnn_report *report)
{
    static const memory_line forward[] = {
        {"\n  parameters        ", "params_memory"},
        {"\n  all activations   ", "memory"},
        {"\n  alive at once     ", "peak_memory"},
    };
    static const memory_line training[] = {
        {"\n  parameters        ", "train_params"}, {"\n  gradients         ", "gradients"},
        {"\n  optimizer         ", "optimizer"},    {"\n  kept for backward ", "kept"},
        {"\n  in all            ", "train"},
    };
    if (report->with_input) {
        cnn_out_string(report->out, "\nforward pass");
        put_lines(report, forward, CNN_LENGTH(forward));
    }
    if (report->numbers.trains) {
        const cnn_text name = cnn_optimizer_name(&report->numbers.way);
        cnn_out_string(report->out, "\ntraining with ");
        cnn_out_text(report->out, cnn_text_is(name, "none") ? cnn_text_of("no optimizer") : name);
        put_lines(report, training, CNN_LENGTH(training));
    }
}

void cnn_put_inputs(const cnn_report *report)
{
    for (int32_t i = 0; i < report->net->input_count; i++) {
        cnn_out_input(report->out, report->net->layers[i].label, &report->net->layers[i].out);
    }
}

static table table_of(const cnn_report *report)
{
    table t = {.report = report, .room = report->scratch, .share = first_share(report)};
    if ((size_t)(t.room.high - t.room.low) > MOST_KEPT) {
        t.room.high = t.room.low + MOST_KEPT;
    }
    t.next = t.room.low;
    for (int32_t i = 0; i < report->column_count; i++) {
        t.widths[i] = (int64_t)cnn_text_of(report->columns[i].title).size;
    }
    return t;
}

/* The bars are the first to give way. */
static void fit(table *t)
{
    const cnn_report *report = t->report;
    int64_t used = 1 + BAR_WIDTH;
    for (int32_t i = 0; i < report->column_count; i++) {
        used += t->widths[i] + GAP;
    }
    t->bars = report->options->width <= 0 || used <= report->options->width;
    cnn_fit_columns(report, t->widths);
}

void cnn_write_table(cnn_report *report)
{
    cnn_row totals[CNN_TOTAL_ROWS];
    const int32_t below = cnn_rows_totals(report, totals);
    table t = table_of(report);
    cnn_row row;
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        measure(&t, &row);
    }
    for (int32_t i = 0; i < below; i++) {
        measure(&t, &totals[i]);
    }
    fit(&t);
    if (report->beside == NULL) {
        cnn_put_inputs(report);
        cnn_out_char(report->out, '\n');
    }
    put_styled(&t, NULL);
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        put_styled(&t, &row);
    }
    for (int32_t i = 0; i < below; i++) {
        put_styled(&t, &totals[i]);
    }
    cnn_put_hidden(report, t.widths);
    if (report->beside == NULL) {
        put_memory(report);
    }
}

static void put_markdown_row(const cnn_report *report, const cnn_row *row)
{
    cnn_out_char(report->out, '|');
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_char(report->out, ' ');
        cnn_out_set_escape(report->out, CNN_ESCAPE_MARKDOWN);
        cnn_cell_put(report, &report->columns[i], row, true, report->out);
        cnn_out_set_escape(report->out, CNN_ESCAPE_NONE);
        cnn_out_string(report->out, " |");
    }
    cnn_out_char(report->out, '\n');
}

void cnn_write_markdown(cnn_report *report)
{
    cnn_out *out = report->out;
    cnn_row row, totals[CNN_TOTAL_ROWS];
    if (report->beside == NULL) {
        cnn_put_inputs(report);
        cnn_out_char(report->out, '\n');
    }
    cnn_out_char(out, '|');
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_char(out, ' ');
        cnn_out_string(out, report->columns[i].title);
        cnn_out_string(out, " |");
    }
    cnn_out_string(out, "\n|");
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_string(out, aligned_right(&report->columns[i]) ? "---:|" : "---|");
    }
    cnn_out_char(out, '\n');
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        put_markdown_row(report, &row);
    }
    const int32_t below = cnn_rows_totals(report, totals);
    for (int32_t i = 0; i < below; i++) {
        put_markdown_row(report, &totals[i]);
    }
}
