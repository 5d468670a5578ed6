/*
 * From Markdown and C to mdoc(7), as far as the documentation of this project goes: headings,
 * paragraphs, lists, tables and code. A table becomes a list, because terminals are narrow.
 */
#include "mdoc.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 4096 };

/* ---- text ---- */

/* A character as mdoc prints it unchanged. In code, formatters would make quotes and hyphens look
 * nice, and what is pasted back would be something else. */
static void put_char(char c, bool code)
{
    static const struct {
        char c;
        const char *as;
    } special[] = {{'-', "\\-"}, {'\'', "\\(aq"}, {'`', "\\(ga"}, {'^', "\\(ha"}, {'~', "\\(ti"}};
    for (size_t i = 0; code && i < sizeof special / sizeof *special; i++) {
        if (special[i].c == c) {
            (void)fputs(special[i].as, stdout);
            return;
        }
    }
    (void)fputs(c == '\\' ? "\\e" : (char[]){c, '\0'}, stdout);
}

/* A line that begins with one of these would be taken for a macro. */
static void guard(char first)
{
    if (first == '.' || first == '\'') {
        (void)fputs("\\&", stdout);
    }
}

static void put_code_line(const char *line)
{
    guard(*line);
    for (; *line != '\0'; line++) {
        put_char(*line, true);
    }
    (void)putchar('\n');
}

/* On the line of a macro short words may be macros too, and quotes keep words together. */
static void put_macro_char(const char *text, const char *at, bool code)
{
    const size_t size = strcspn(at, " ");
    if ((at == text || at[-1] == ' ') && size <= 3 && isupper((unsigned char)*at)) {
        (void)fputs("\\&", stdout);
    }
    if (*at == '"') {
        (void)fputs("\\(dq", stdout);
    } else {
        put_char(*at, code);
    }
}

/* Whether a sentence ends with the character before `at`, a blank. */
static bool ends_sentence(const char *text, const char *at)
{
    const char *end = at;
    while (end > text && strchr(")'\"`*", end[-1]) != NULL) {
        end--;
    }
    const char next = at[strspn(at, " ")];
    return end > text && strchr(".!?", end[-1]) != NULL && !islower((unsigned char)next) &&
           next != '(';
}

/* Whether the word after a blank goes to the next line, which leaves room for escapes. */
static bool ends_line(const char *line, const char *blank)
{
    enum { MOST = 60 };
    return blank + 1 + strcspn(blank + 1, " ") > line + MOST;
}

/* [words](address) is the words. */
static const char *skip_address(const char *c)
{
    const char *end = *c == '(' ? strchr(c, ')') : NULL;
    return end != NULL ? end + 1 : c;
}

static void put_text(const char *text, bool sentences)
{
    bool code = false, bold = false;
    const char *c = text + strspn(text, " ");
    const char *line = c;
    guard(*c);
    while (*c != '\0') {
        if (*c == '`' || (!code && strncmp(c, "**", 2) == 0)) {
            bool *which = *c == '`' ? &code : &bold;
            c += *c == '`' ? 1 : 2;
            *which = !*which;
            (void)fputs(*which ? "\\fB" : "\\fP", stdout);
        } else if (!code && *c == '[' && strstr(c, "](") != NULL) {
            c++;
        } else if (!code && strncmp(c, "](", 2) == 0) {
            c = skip_address(c + 1);
        } else if (!code && *c == '\\' && ispunct((unsigned char)c[1])) {
            put_char(c[1], false);
            c += 2;
        } else if (sentences && *c == ' ' &&
                   ((!code && ends_sentence(text, c)) || ends_line(line, c))) {
            c += strspn(c, " ");
            line = c;
            if (*c != '\0') {
                (void)putchar('\n');
                guard(*c);
            }
        } else if (sentences) {
            put_char(*c++, code);
        } else {
            put_macro_char(text, c++, code);
        }
    }
}

void mdoc_text(const char *text)
{
    put_text(text, true);
    (void)putchar('\n');
}

void mdoc_words(const char *text)
{
    put_text(text, false);
}

/* ---- Markdown ---- */

static void close_lists(mdoc_markdown *m)
{
    if (m->bullets || m->table) {
        (void)puts(".El");
        m->fresh = false;
    }
    if (m->quote) {
        (void)puts(".Ed");
        m->fresh = false;
    }
    m->bullets = m->table = m->quote = m->paragraph = false;
    m->table_rows = 0;
}

static void put_heading(mdoc_markdown *m, const char *line)
{
    const size_t depth = strspn(line, "#");
    close_lists(m);
    if (depth == 1) { /* the page has its own */
        m->fresh = true;
        return;
    }
    const bool section = depth == 2 && strcmp(m->section, "Sh") == 0;
    (void)fputs(section ? ".Sh " : ".Ss ", stdout);
    mdoc_words(line + depth + 1);
    (void)putchar('\n');
    m->fresh = true;
}

/* Copies the next cell, whose "\|" are bars. NULL: there is none. */
static const char *next_cell(const char *at, char *cell)
{
    at += strspn(at, " |");
    if (*at == '\0') {
        return NULL;
    }
    size_t size = 0;
    for (; *at != '\0' && *at != '|'; at++) {
        at += *at == '\\' && at[1] == '|' ? 1 : 0;
        cell[size++] = *at;
    }
    while (size > 0 && cell[size - 1] == ' ') {
        size--;
    }
    cell[size] = '\0';
    return at;
}

static void put_row(mdoc_markdown *m, const char *line)
{
    char cell[LINE];
    if (!m->table) {
        close_lists(m);
        (void)puts(".Bl -tag -width Ds");
        m->table = true;
    }
    if (++m->table_rows <= 2) {
        return;
    }
    const char *at = next_cell(line, cell);
    (void)fputs(".It ", stdout);
    mdoc_words(at != NULL ? cell : "");
    (void)putchar('\n');
    while (at != NULL && (at = next_cell(at, cell)) != NULL) {
        mdoc_text(cell);
    }
}

static void put_paragraph(mdoc_markdown *m, const char *line)
{
    const bool bullet = strncmp(line, "- ", 2) == 0, inside = m->bullets && *line == ' ';
    if (!inside && !bullet && !m->paragraph) {
        close_lists(m);
        (void)fputs(m->fresh ? "" : ".Pp\n", stdout);
    }
    if (bullet && !m->bullets) {
        close_lists(m);
        (void)puts(".Bl -bullet");
        m->bullets = true;
    }
    (void)fputs(bullet ? ".It\n" : "", stdout);
    mdoc_text(bullet ? line + 2 : line);
    m->paragraph = !m->bullets;
    m->fresh = false;
}

static void put_quote(mdoc_markdown *m, const char *line)
{
    if (!m->quote) {
        close_lists(m);
        (void)puts(".Bd -literal -offset indent");
        m->quote = true;
    }
    put_code_line(line + 4);
}

void mdoc_markdown_line(mdoc_markdown *m, const char *line)
{
    if (line == NULL) {
        close_lists(m);
    } else if (strncmp(line, "```", 3) == 0) {
        close_lists(m);
        (void)puts(m->literal ? ".Ed" : ".Bd -literal");
        m->literal = !m->literal;
        m->fresh = false;
    } else if (m->literal) {
        put_code_line(line);
    } else if (*line == '#') {
        put_heading(m, line);
    } else if (*line == '|') {
        put_row(m, line);
    } else if (*line == '\0') {
        m->paragraph = false;
    } else if (strncmp(line, "    ", 4) == 0 && !m->bullets) {
        put_quote(m, line);
    } else {
        put_paragraph(m, line);
    }
}

static bool next_line(FILE *file, char *line)
{
    if (fgets(line, LINE, file) == NULL) {
        return false;
    }
    line[strcspn(line, "\n")] = '\0';
    return true;
}

bool mdoc_markdown_file(const char *path, const char *section)
{
    char line[LINE];
    FILE *file = fopen(path, "r");
    mdoc_markdown m = {.fresh = true, .section = section};
    if (file == NULL) {
        return false;
    }
    while (next_line(file, line)) {
        mdoc_markdown_line(&m, line);
    }
    mdoc_markdown_line(&m, NULL);
    return fclose(file) == 0;
}

/* ---- headers ---- */

typedef struct header {
    mdoc_markdown m;
    bool comment; /* in one at the margin */
    int skipped;  /* "#if" that are open: the guard, and what C alone does not read */
} header;

/* The line of a comment without its marks. */
static void put_comment_line(header *h, char *line)
{
    char *end = strstr(line, "*/");
    if (end != NULL) {
        *end = '\0';
        h->comment = false;
    }
    for (size_t size = strlen(line); size > 0 && line[size - 1] == ' '; size--) {
        line[size - 1] = '\0';
    }
    line += strspn(line, " /*") < 3 ? strspn(line, " /*") : 3;
    line += strncmp(line, "  - ", 4) == 0 ? 2 : 0;
    mdoc_markdown_line(&h->m, line);
    if (!h->comment) {
        mdoc_markdown_line(&h->m, "");
    }
}

static void put_code(header *h, const char *line)
{
    if (!h->m.literal) {
        mdoc_markdown_line(&h->m, "```");
    }
    mdoc_markdown_line(&h->m, strncmp(line, "CNN_API ", 8) == 0 ? line + 8 : line);
}

static void put_header_line(header *h, char *line)
{
    const bool directive = *line == '#';
    if (h->comment) {
        put_comment_line(h, line);
        return;
    }
    if (h->m.literal && (*line == '\0' || directive || strncmp(line, "/*", 2) == 0)) {
        mdoc_markdown_line(&h->m, "```");
    }
    if (strncmp(line, "#if", 3) == 0 && strncmp(line, "#ifndef", 7) != 0) {
        h->skipped++;
    } else if (strncmp(line, "#endif", 6) == 0) {
        h->skipped -= h->skipped > 0;
    }
    if (directive || h->skipped > 0 || *line == '\0') {
        return;
    }
    if (strncmp(line, "/* ---- ", 8) == 0) {
        line[8 + strcspn(line + 8, "-")] = '\0';
        line[5] = line[6] = '#';
        line[7 + strlen(line + 7) - 1] = '\0';
        mdoc_markdown_line(&h->m, line + 5);
    } else if (strncmp(line, "/*", 2) == 0) {
        h->comment = true;
        put_comment_line(h, line);
    } else {
        put_code(h, line);
    }
}

bool mdoc_header_file(const char *path)
{
    char line[LINE];
    FILE *file = fopen(path, "r");
    header h = {.m = {.fresh = true, .section = "Ss"}};
    if (file == NULL) {
        return false;
    }
    while (next_line(file, line)) {
        put_header_line(&h, line);
    }
    mdoc_markdown_line(&h.m, NULL);
    return fclose(file) == 0;
}
