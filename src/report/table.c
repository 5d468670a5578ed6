/* Tables for people: aligned text, and Markdown. */
#include <string.h>

#include "base/arena.h"
#include "base/shape_text.h"
#include "report/report.h"

enum { BAR_WIDTH = 20, GAP = 2 };

/* Rows are made once, their cells one after another, while the widths of the columns are found.
 * What does not fit into the scratch memory together is made a second time, part by part. */
struct cnn_table {
    const cnn_report *report;
    int64_t widest[CNN_MAX_COLUMNS]; /* of the titles and of all rows that were made */
    int64_t widths[CNN_MAX_COLUMNS]; /* as shown; 0: the column is not */
    bool bars;                       /* there is room for them */
    int32_t share;        /* the column of the first share; the number of columns: none */
    unsigned char *first; /* of the rows that are made; they end where `room` begins */
    cnn_arena room;
    bool whole; /* these are all */
};

/* The head of a row that is made; the sizes of its cells follow, and then their text. */
typedef struct made {
    bool total;
    uint8_t marks; /* of its bar */
} made;

/* Where the rows are: first those of the report, then the totals. */
typedef struct place {
    int32_t at, total;
    cnn_row row;
    bool more; /* there is such a row */
} place;

static void next_row(cnn_report *report, place *p)
{
    cnn_row totals[CNN_TOTAL_ROWS];
    p->more = p->total == 0 && cnn_rows_next(report, &p->at, &p->row);
    if (!p->more) {
        p->more = p->total < cnn_rows_totals(report, totals);
        p->row = totals[p->more ? p->total++ : 0];
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
static uint8_t count_marks(const cnn_table *t, const cnn_row *row)
{
    const cnn_report *report = t->report;
    cnn_cell cell;
    if (row->title != NULL || t->share == report->column_count) {
        return 0;
    }
    cnn_cell_get(report, &report->columns[t->share], row, &cell);
    const bool any = cell.kind == CNN_CELL_FRACTION;
    return (uint8_t)(any ? (cell.fraction[0].num * BAR_WIDTH + 500) / 1000 : 0);
}

/* For cnn_writer. */
static bool add_text(void *user, const char *data, size_t size)
{
    void *low = cnn_arena_push(user, size);
    return low != NULL && memcpy(low, data, size) != NULL;
}

/* False: there is no more room. */
static bool make_row(cnn_table *t, const cnn_row *row)
{
    const cnn_report *report = t->report;
    const made head = {row->title != NULL && row->numbers == NULL, count_marks(t, row)};
    const size_t sizes = (size_t)report->column_count * sizeof(uint32_t);
    unsigned char *const begin = cnn_arena_push(&t->room, sizeof head + sizes);
    if (begin == NULL) {
        return false;
    }
    unsigned char *const text = t->room.low;
    cnn_writer to = {add_text, &t->room};
    cnn_out out;
    cnn_out_open(&out, &to);
    memcpy(begin, &head, sizeof head);
    for (int32_t i = 0; i < report->column_count; i++) {
        const int64_t before = cnn_out_columns(&out);
        const size_t used = (size_t)(t->room.low - text) + out.used;
        cnn_cell_put(report, &report->columns[i], row, true, &out);
        const uint32_t size = (uint32_t)((size_t)(t->room.low - text) + out.used - used);
        memcpy(begin + sizeof head + (size_t)i * sizeof size, &size, sizeof size);
        const int64_t width = cnn_out_columns(&out) - before;
        t->widest[i] = width > t->widest[i] ? width : t->widest[i];
    }
    if (!cnn_out_close(&out)) {
        t->room.low = begin;
        return false;
    }
    return true;
}

/* Rows from a place on, in place of those that were made before. False: not even one fits. */
static bool make_rows(cnn_table *t, cnn_report *report, place *p)
{
    t->room.low = t->first;
    while (p->more && make_row(t, &p->row)) {
        next_row(report, p);
    }
    return t->room.low > t->first;
}

bool cnn_make_table(cnn_report *report, cnn_error *err)
{
    cnn_table *const t = report->table = CNN_NEW(&report->scratch, cnn_table);
    place p = {0};
    if (t == NULL) {
        return cnn_fail_memory(err);
    }
    t->report = report;
    t->room = report->scratch;
    t->first = t->room.low;
    t->share = first_share(report);
    for (int32_t i = 0; i < report->column_count; i++) {
        t->widest[i] = (int64_t)cnn_text_of(report->columns[i].title).size;
    }
    t->whole = true;
    for (next_row(report, &p); p.more; t->whole = t->whole && !p.more) {
        if (!make_rows(t, report, &p)) {
            return cnn_fail_memory(err);
        }
    }
    return true;
}

/* Blanks are written only when something follows, so no line ends in blanks: those before the cell
 * are given, those after it returned. */
static int64_t put_cell(const cnn_table *t, int32_t i, cnn_text text, int64_t blanks)
{
    cnn_out *out = t->report->out;
    const int64_t size = (int64_t)text.size, width = t->widths[i];
    if (width == 0) {
        return blanks;
    }
    blanks += GAP;
    if (size == 0) {
        return blanks + width;
    }
    if (aligned_right(&t->report->columns[i])) {
        cnn_out_fill(out, ' ', blanks + width - size);
        cnn_out_text(out, text);
        return 0;
    }
    cnn_out_fill(out, ' ', blanks);
    const int64_t before = cnn_out_columns(out);
    if (size <= width) {
        cnn_out_text(out, text);
    } else {
        cnn_put_shortened(out, text, cnn_text_letters(text), width);
    }
    return width - (cnn_out_columns(out) - before);
}

static void put_titles(const cnn_table *t)
{
    const cnn_report *report = t->report;
    int64_t blanks = -GAP; /* before the first cell there is none */
    cnn_out_string(report->out, report->options->style ? "\x1b[1m " : " ");
    for (int32_t i = 0; i < report->column_count; i++) {
        blanks = put_cell(t, i, cnn_text_of(report->columns[i].title), blanks);
    }
    cnn_out_string(report->out, report->options->style ? "\x1b[0m\n" : "\n");
}

static void put_bar(const cnn_table *t, int64_t marks)
{
    cnn_out *out = t->report->out;
    const bool coloured = t->report->options->style;
    if (marks > 0 && t->bars) {
        cnn_out_fill(out, ' ', GAP);
        cnn_out_string(out, coloured ? "\x1b[36m" : "");
        cnn_out_fill(out, '#', marks);
        cnn_out_string(out, coloured ? "\x1b[0m" : "");
    }
}

/* A row that was made. Returns the next one. */
static const unsigned char *put_row(const cnn_table *t, const unsigned char *row)
{
    const cnn_report *report = t->report;
    const unsigned char *sizes = row + sizeof(made);
    cnn_text text = {(const char *)sizes + (size_t)report->column_count * sizeof(uint32_t), 0};
    int64_t blanks = -GAP;
    made head;
    memcpy(&head, row, sizeof head);
    const bool style = report->options->style && head.total;
    cnn_out_string(report->out, style ? "\x1b[1m " : " ");
    for (int32_t i = 0; i < report->column_count; i++) {
        uint32_t size;
        memcpy(&size, sizes + (size_t)i * sizeof size, sizeof size);
        text.size = size;
        blanks = put_cell(t, i, text, blanks);
        text.data += size;
    }
    put_bar(t, head.marks);
    cnn_out_string(report->out, style ? "\x1b[0m\n" : "\n");
    return (const unsigned char *)text.data;
}

static void put_rows(const cnn_table *t)
{
    for (const unsigned char *row = t->first; row < t->room.low;) {
        row = put_row(t, row);
    }
}

static void put_all_rows(cnn_table *t, cnn_report *report)
{
    place p = {0};
    if (t->whole) {
        put_rows(t);
        return;
    }
    for (next_row(report, &p); p.more && make_rows(t, report, &p);) {
        put_rows(t);
    }
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
    return cnn_numbers_prepare(&report->numbers, needs, &report->scratch, err) &&
           cnn_make_table(report, err);
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

/* The bars are the first to give way. */
static void fit(cnn_table *t)
{
    const cnn_report *report = t->report;
    int64_t used = 1 + BAR_WIDTH;
    for (int32_t i = 0; i < report->column_count; i++) {
        t->widths[i] = t->widest[i];
        used += t->widths[i] + GAP;
    }
    t->bars = report->options->width <= 0 || used <= report->options->width;
    cnn_fit_columns(report, t->widths);
}

void cnn_write_table(cnn_report *report)
{
    cnn_table *const t = report->table;
    fit(t);
    if (report->beside == NULL) {
        cnn_put_inputs(report);
        cnn_out_char(report->out, '\n');
    }
    put_titles(t);
    put_all_rows(t, report);
    cnn_put_hidden(report, t->widths);
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
