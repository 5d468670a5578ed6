/* The options for the completion of bash, zsh and fish: their names, and what their values are. */
#include "pages.h"

#include <stdio.h>
#include <string.h>

#include "cli/options.h"

/* What an option's value is made of. An option without a row takes anything, a file for example. */
static const struct {
    const char *option;
    const char *table; /* of pages.c */
    bool list;         /* several, with commas between */
    const char *after; /* what follows each name */
} values[] = {
    {"layers", "layers", true, ""},     {"format", "formats", false, ""},
    {"columns", "columns", true, ""},   {"check", "quantities", false, "="},
    {"want", "quantities", false, "="}, {"like", "tools", false, ""},
    {"loss", "losses", false, ""},      {"from", "dialects", false, ""},
    {"dtype", "dtypes", true, ""},      {"train", "optimizers", false, ""},
    {"device", "devices", false, ""},
};

enum { VALUES = sizeof values / sizeof *values };

/* The option's row; VALUES: it has none. */
static size_t values_of(const option_row *row)
{
    size_t i = 0;
    while (i < VALUES && strcmp(values[i].option, row->name) != 0) {
        i++;
    }
    return i;
}

static void put_words(size_t i)
{
    char between[8];
    (void)snprintf(between, sizeof between, "%s ", values[i].after);
    (void)pages_put_words(values[i].table, between);
    (void)fputs(values[i].after, stdout);
}

/* Text between two quotes, which the shell shows as it is. */
static void put_quoted(const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            (void)fputs("'\\''", stdout);
        } else {
            (void)printf(strchr(special, *text) != NULL ? "\\%c" : "%c", *text);
        }
    }
}

/* Cases for the option that precedes the word: its values, and whether they are a list. */
void pages_put_bash(void)
{
    for (int i = 0; i < options_count; i++) {
        const option_row *row = &options_table[i];
        const size_t place = values_of(row);
        if (row->argument == NULL) {
            continue;
        }
        (void)printf("        --%s", row->name);
        if (row->letter != 0) {
            (void)printf("|-%c", row->letter);
        }
        if (place == VALUES) {
            (void)puts(") files=yes ;;");
            continue;
        }
        (void)printf(") %swords=\"", values[place].list ? "list=yes " : "");
        put_words(place);
        (void)puts("\" ;;");
    }
}

/* Specifications for _arguments. */
void pages_put_zsh(void)
{
    for (int i = 0; i < options_count; i++) {
        const option_row *row = &options_table[i];
        const size_t place = values_of(row);
        const char *repeats = row->repeats ? "*" : "";
        for (int with_letter = row->letter != 0; with_letter >= 0; with_letter--) {
            (void)printf("    '%s", repeats);
            if (with_letter) {
                (void)printf("-%c%s[", row->letter, row->argument != NULL ? "+" : "");
            } else {
                (void)printf("--%s%s[", row->name, row->argument != NULL ? "=" : "");
            }
            put_quoted(row->brief, "[]:\\");
            (void)putchar(']');
            if (row->argument != NULL && place == VALUES) {
                (void)printf(":%s:_files", row->argument);
            } else if (row->argument != NULL) {
                (void)printf(":%s:%s", row->argument,
                             values[place].list ? "_sequence compadd - " : "(");
                put_words(place);
                (void)fputs(values[place].list ? "" : ")", stdout);
            }
            (void)puts("' \\");
        }
    }
}

/* One command for each. */
void pages_put_fish(void)
{
    for (int i = 0; i < options_count; i++) {
        const option_row *row = &options_table[i];
        const size_t place = values_of(row);
        (void)printf("complete -c cnncalc -l %s", row->name);
        if (row->letter != 0) {
            (void)printf(" -s %c", row->letter);
        }
        (void)fputs(row->argument == NULL ? "" : place == VALUES ? " -r -F" : " -x", stdout);
        if (place < VALUES) {
            (void)fputs(values[place].list ? " -a '(__fish_complete_list , \"__cnncalc_words "
                                           : " -a '",
                        stdout);
            put_words(place);
            (void)fputs(values[place].list ? "\")'" : "'", stdout);
        }
        (void)fputs(" -d '", stdout);
        for (const char *c = row->brief; *c != '\0'; c++) {
            (void)printf(*c == '\'' ? "\\%c" : "%c", *c);
        }
        (void)puts("'");
    }
}
