/*
 * Writes a manual page or a completion script from its template, at build time. Most of a page
 * comes from the tables that the program works with: lines of a template that begin with "@" name
 * them, as does @{name} inside a line. An unknown name stops the build.
 */
#include "pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mdoc.h"

enum { LINE = 4096 };

static const char *source_folder, *date;

static void stop(const char *why, const char *what)
{
    (void)fprintf(stderr, "make_pages: %s%s\n", why, what);
    exit(1);
}

/* A file of the project, by its path from the source folder. */
static void put_file(bool (*put)(const char *path), const char *name)
{
    char path[LINE];
    (void)snprintf(path, sizeof path, "%s/%s", source_folder, name);
    if (!put(path)) {
        stop("cannot read ", path);
    }
}

static bool put_sections(const char *path)
{
    return mdoc_markdown_file(path, "Ss");
}

/* "@markdown FILE", "@header FILE", "@TABLE". */
static void put_block(char *line)
{
    char *argument = line + strcspn(line, " ");
    argument += *argument == ' ' ? (*argument = '\0', 1) : 0;
    if (strcmp(line, "markdown") == 0) {
        put_file(put_sections, argument);
    } else if (strcmp(line, "header") == 0) {
        put_file(mdoc_header_file, argument);
    } else if (!pages_put_block(line)) {
        stop("there is no @", line);
    }
}

/* "table" with blanks between its names, or "table," with commas. */
static void put_names(char *table)
{
    char *comma = strchr(table, ',');
    if (comma != NULL) {
        *comma = '\0';
    }
    if (!pages_put_words(table, comma != NULL ? ", " : " ")) {
        stop("there is no table of ", table);
    }
}

/* 2026-11-28 as mdoc has it: November 28, 2026. */
static void put_date(void)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int year, month, day;
    if (sscanf(date, "%d-%d-%d", &year, &month, &day) != 3 || month < 1 || month > 12) {
        stop("this is no date: ", date);
    }
    (void)printf("%s %d, %d", months[month - 1], day, year);
}

static void put_line(char *line)
{
    for (char *c = line; *c != '\0';) {
        char *end = strncmp(c, "@{", 2) == 0 ? strchr(c, '}') : NULL;
        if (end == NULL) {
            (void)putchar(*c++);
            continue;
        }
        *end = '\0';
        if (strcmp(c + 2, "date") == 0) {
            put_date();
        } else {
            put_names(c + 2);
        }
        c = end + 1;
    }
    (void)putchar('\n');
}

int main(int argc, char **argv)
{
    char line[LINE];
    if (argc != 4) {
        stop("write make_pages TEMPLATE SOURCE-FOLDER DATE", "");
    }
    FILE *file = fopen(argv[1], "r");
    if (file == NULL) {
        stop("cannot read ", argv[1]);
    }
    source_folder = argv[2];
    date = argv[3];
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '@' && line[1] != '{') {
            put_block(line + 1);
        } else {
            put_line(line);
        }
    }
    return fclose(file) == 0 && fflush(stdout) == 0 ? 0 : 1;
}
