/* Splitting lines of a sheet. */
#include "check/sheet_cells.h"

static bool has(cnn_text text, char c)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == c) {
            return true;
        }
    }
    return false;
}

/* ---- separators ---- */

/* Quotes hide separators; two of them are one, which no cell of ours has. */
static cnn_text split_quoted(cnn_text *rest, char separator)
{
    bool quoted = false;
    for (size_t i = 0; i < rest->size; i++) {
        quoted = quoted != (rest->data[i] == '"');
        if (rest->data[i] == separator && !quoted) {
            const cnn_text cell = {rest->data, i};
            *rest = cnn_text_skip(*rest, i + 1);
            return cell;
        }
    }
    const cnn_text cell = *rest;
    *rest = cnn_text_skip(*rest, rest->size);
    return cell;
}

static cnn_text bare(cnn_text cell)
{
    cell = cnn_text_trim(cell);
    const bool quoted = cell.size >= 2 && cell.data[0] == '"' && cell.data[cell.size - 1] == '"';
    return quoted ? cnn_text_trim((cnn_text){cell.data + 1, cell.size - 2}) : cell;
}

/* Bars may be at both ends of a line. */
static cnn_text without_bars(cnn_text line)
{
    line = cnn_text_trim(line);
    if (line.size > 0 && line.data[0] == '|') {
        line = cnn_text_skip(line, 1);
    }
    if (line.size > 0 && line.data[line.size - 1] == '|') {
        line.size--;
    }
    return line;
}

static int32_t split_separated(const cnn_cells *cells, cnn_text line, int32_t most, cnn_text *out)
{
    int32_t count = 0;
    cnn_text rest = cells->separator == '|' ? without_bars(line) : line;
    bool more = true;
    while (more) {
        const size_t before = rest.size;
        const cnn_text cell = split_quoted(&rest, cells->separator);
        more = rest.size > 0 || cell.size < before;
        if (count < most) {
            out[count] = bare(cell);
        }
        count += count < most || bare(cell).size > 0;
    }
    return count;
}

/* ---- aligned text ---- */

/* The next run without blanks, or with `wide` without two blanks in a row. */
static bool next_run(cnn_text line, size_t *at, bool wide, cnn_text *run)
{
    while (*at < line.size && (line.data[*at] == ' ' || line.data[*at] == '\r')) {
        ++*at;
    }
    const size_t begin = *at;
    while (*at < line.size && line.data[*at] != '\r') {
        const bool blank = line.data[*at] == ' ';
        const bool last = *at + 1 >= line.size || line.data[*at + 1] == ' ';
        if (blank && (!wide || last)) {
            break;
        }
        ++*at;
    }
    *run = (cnn_text){line.data + begin, *at - begin};
    return run->size > 0;
}

/* Characters before a place in a line. */
static int32_t characters(cnn_text line, const char *end)
{
    int32_t count = 0;
    for (const char *p = line.data; p < end; p++) {
        count += ((unsigned char)*p & 0xC0) != 0x80;
    }
    return count;
}

/* The column whose heading the run has most in common with, or is nearest to. */
static int32_t column_of(const cnn_cells *cells, cnn_text line, cnn_text run)
{
    const int32_t begin = characters(line, run.data), end = characters(line, run.data + run.size);
    int32_t best = 0, most = INT32_MIN;
    for (int32_t i = 0; i < cells->count; i++) {
        const int32_t from = begin > cells->at[i].begin ? begin : cells->at[i].begin;
        const int32_t to = end < cells->at[i].end ? end : cells->at[i].end;
        if (to - from > most) { /* below 0: the distance */
            most = to - from;
            best = i;
        }
    }
    return best;
}

static int32_t count_runs(cnn_text line, bool wide)
{
    int32_t count = 0;
    cnn_text run;
    for (size_t at = 0; next_run(line, &at, wide, &run);) {
        count++;
    }
    return count;
}

/* Words, and what is in brackets as one. */
static bool next_word(cnn_text line, size_t *at, cnn_text *word)
{
    int32_t depth = 0;
    while (*at < line.size && (line.data[*at] == ' ' || line.data[*at] == '\r')) {
        ++*at;
    }
    const size_t begin = *at;
    for (; *at < line.size && line.data[*at] != '\r'; ++*at) {
        const char c = line.data[*at];
        depth += (c == '(' || c == '[') - (c == ')' || c == ']');
        if (c == ' ' && depth <= 0) {
            break;
        }
    }
    *word = (cnn_text){line.data + begin, *at - begin};
    return word->size > 0;
}

static int32_t count_words(cnn_text line)
{
    int32_t count = 0;
    cnn_text word;
    for (size_t at = 0; next_word(line, &at, &word);) {
        count++;
    }
    return count;
}

/* Words: what is too much belongs to the flexible column. */
static int32_t split_words(const cnn_cells *cells, cnn_text line, cnn_text *out)
{
    const int32_t words = count_words(line), more = words - cells->count;
    int32_t number = 0, joined = 0;
    cnn_text run;
    if (more > 0 && cells->flexible < 0) {
        return words;
    }
    for (size_t at = 0; next_word(line, &at, &run);) {
        if (more > 0 && number == cells->flexible && joined > 0) {
            out[number].size = (size_t)(run.data + run.size - out[number].data);
        } else {
            out[number] = run;
        }
        const bool goes_on = more > 0 && number == cells->flexible && joined < more;
        joined += goes_on;
        number += !goes_on;
    }
    return cells->count;
}

/* Whether a run is under two headings: then one blank has to separate its cells. */
static bool is_squeezed(const cnn_cells *cells, cnn_text line)
{
    cnn_text run;
    for (size_t at = 0; next_run(line, &at, true, &run);) {
        const int32_t begin = characters(line, run.data);
        const int32_t end = characters(line, run.data + run.size);
        int32_t under = 0;
        for (int32_t i = 0; i < cells->count; i++) {
            under += begin < cells->at[i].end && end > cells->at[i].begin;
        }
        if (under > 1 && has(run, ' ')) {
            return true;
        }
    }
    return false;
}

/* A printed bar, which shows the number before it once more: it is no cell. */
static cnn_text without_bar(const cnn_cells *cells, cnn_text line)
{
    size_t end = line.size;
    while (end > 0 && (line.data[end - 1] == '#' || line.data[end - 1] == '\r')) {
        end--;
    }
    const bool bar = end < line.size && end > 0 && line.data[end - 1] == ' ' &&
                     characters(line, line.data + end) >= cells->at[cells->count - 1].end;
    return (cnn_text){line.data, bar ? end : line.size};
}

/* As many runs as columns: one each. With fewer, each goes where it is. */
static int32_t split_wide(const cnn_cells *cells, cnn_text line, cnn_text *out)
{
    line = without_bar(cells, line);
    const int32_t runs = count_runs(line, true);
    int32_t number = 0;
    cnn_text run;
    if (runs < cells->count && is_squeezed(cells, line)) {
        return split_words(cells, line, out);
    }
    for (size_t at = 0; next_run(line, &at, true, &run); number++) {
        const int32_t column = runs == cells->count ? number : column_of(cells, line, run);
        if (number < cells->count) {
            out[column] = run;
        }
    }
    return runs > cells->count ? runs : cells->count;
}

/* ---- heading and lines ---- */

static char separator_of(cnn_text heading)
{
    static const char separators[] = "\t;|,";
    for (const char *c = separators; *c != '\0'; c++) {
        if (has(heading, *c)) {
            return *c;
        }
    }
    return ' ';
}

bool cnn_cells_open(cnn_cells *cells, cnn_text heading, cnn_text *out)
{
    *cells = (cnn_cells){.separator = separator_of(heading), .flexible = -1};
    if (cells->separator != ' ') {
        cells->count = split_separated(cells, heading, CNN_MOST_CELLS, out);
        return cells->count <= CNN_MOST_CELLS;
    }
    cells->wide = count_runs(heading, true) > 1;
    cnn_text run;
    for (size_t at = 0; next_run(heading, &at, cells->wide, &run); cells->count++) {
        if (cells->count == CNN_MOST_CELLS) {
            return false;
        }
        out[cells->count] = run;
        cells->at[cells->count].begin = characters(heading, run.data);
        cells->at[cells->count].end = characters(heading, run.data + run.size);
    }
    return true;
}

int32_t cnn_cells_split(const cnn_cells *cells, cnn_text line, cnn_text *out)
{
    for (int32_t i = 0; i < cells->count; i++) {
        out[i] = (cnn_text){line.data, 0};
    }
    return cells->separator != ' ' ? split_separated(cells, line, cells->count, out)
           : cells->wide           ? split_wide(cells, line, out)
                                   : split_words(cells, line, out);
}
