/*
 * Tables that have to fit a terminal. First names are shortened, in the middle, then columns give
 * way, one after the other: what a window is like, kinds and paths, then the last of the others,
 * then the rows' numbers. Names, outputs and parameters stay, and numbers are never cut.
 */
#include "report/report.h"

enum { GAP = 2, SHORT_NAME = 16, SHORTEST_NAME = 8 };

static bool is_named(const cnn_column *column, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cnn_text_is(cnn_text_of(column->name), names[i])) {
            return true;
        }
    }
    return false;
}

/* What can be shortened. */
static bool is_name(const cnn_column *column)
{
    static const char *const names[] = {"layer", "path"};
    return column->quantity == NULL && is_named(column, names, CNN_LENGTH(names));
}

/* How many columns of text are missing; below 0: there is room. */
static int64_t excess(const cnn_report *report, const int64_t *widths)
{
    /* a blank begins the line, and no gap is before the first cell */
    int64_t used = 1 - GAP;
    for (int32_t i = 0; i < report->column_count; i++) {
        used += widths[i] > 0 ? widths[i] + GAP : 0;
    }
    return used - report->options->width;
}

static void shorten_names(const cnn_report *report, int64_t *widths, int64_t least)
{
    for (int32_t i = report->column_count - 1; i >= 0; i--) {
        const int64_t missing = excess(report, widths);
        if (is_name(&report->columns[i]) && missing > 0 && widths[i] > least) {
            widths[i] = widths[i] - missing > least ? widths[i] - missing : least;
        }
    }
}

/* After columns gave way there may be room again. */
static void lengthen_names(const cnn_report *report, int64_t *widths, const int64_t *whole)
{
    for (int32_t i = 0; i < report->column_count; i++) {
        const int64_t room = -excess(report, widths);
        if (is_name(&report->columns[i]) && widths[i] > 0 && room > 0) {
            widths[i] = whole[i] - widths[i] < room ? whole[i] : widths[i] + room;
        }
    }
}

/* From the right: what is added last is the first to go. */
static void drop_others(const cnn_report *report, int64_t *widths)
{
    static const char *const kept[] = {"index", "layer", "output", "params"};
    for (int32_t i = report->column_count - 1; i >= 0 && excess(report, widths) > 0; i--) {
        const cnn_column *column = &report->columns[i];
        if (!is_named(column, kept, CNN_LENGTH(kept))) {
            widths[i] = 0;
        }
    }
}

static void drop(const cnn_report *report, int64_t *widths, const char *name)
{
    for (int32_t i = 0; i < report->column_count && excess(report, widths) > 0; i++) {
        widths[i] = is_named(&report->columns[i], &name, 1) ? 0 : widths[i];
    }
}

void cnn_fit_columns(const cnn_report *report, int64_t *widths)
{
    static const char *const first[] = {"window", "kind", "path"};
    int64_t whole[CNN_MAX_COLUMNS];
    if (report->options->width <= 0) {
        return;
    }
    for (int32_t i = 0; i < report->column_count; i++) {
        whole[i] = widths[i];
    }
    /* each step is taken only as far as it is needed */
    shorten_names(report, widths, SHORT_NAME);
    for (size_t i = 0; i < CNN_LENGTH(first); i++) {
        drop(report, widths, first[i]);
    }
    drop_others(report, widths);
    drop(report, widths, "index");
    shorten_names(report, widths, SHORTEST_NAME);
    lengthen_names(report, widths, whole);
}

void cnn_put_shortened(cnn_out *out, cnn_text text, int64_t letters, int64_t width)
{
    const int64_t kept = width - 3, head = kept / 2;
    if (letters <= width) {
        cnn_out_text(out, text);
        return;
    }
    /* letters are not bytes: both ends are found by code points */
    const size_t end = cnn_text_after(text, 0, head);
    const size_t tail = cnn_text_after(text, end, letters - kept);
    cnn_out_bytes(out, text.data, end);
    cnn_out_string(out, "...");
    cnn_out_bytes(out, text.data + tail, text.size - tail);
}

void cnn_put_hidden(const cnn_report *report, const int64_t *widths)
{
    cnn_out *out = report->out;
    const char *before = "\nnot shown: ";
    int64_t used = 0; /* columns of the line, without a comma at its end */
    for (int32_t i = 0; i < report->column_count; i++) {
        if (widths[i] > 0) {
            continue;
        }
        const cnn_text title = cnn_text_of(report->columns[i].title);
        /* a line of names is broken where it would be too long */
        const bool wraps = used > 0 && used + (int64_t)title.size + 3 > report->options->width;
        used = wraps ? 2 : used + (used > 0 ? 2 : 11); /* "  ", ", " or "not shown: " */
        used += (int64_t)title.size;
        cnn_out_string(out, wraps ? ",\n  " : before);
        cnn_out_text(out, title);
        before = ", ";
    }
    cnn_out_string(out, used > 0 ? "\n" : "");
}
