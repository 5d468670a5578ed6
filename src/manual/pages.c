/* Which tables there are, and how each is printed: as a list of a manual page, and as names. */
#include "pages.h"

#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "check/mistake.h"
#include "compare/tools.h"
#include "gradient/chain.h"
#include "lang/builtins.h"
#include "measure/quantity.h"
#include "measure/training.h"
#include "ops/op.h"
#include "paste/recognise.h"

#include "batch/batch.h"
#include "cli/examples.h"
#include "cli/options.h"
#include "mdoc.h"
#include "report/report.h"

/* ---- names ---- */

/* The name at a place, from 0; NULL after the last. */
typedef const char *(*name_at)(size_t place);

static const char *layer_at(size_t place)
{
    size_t family = 0;
    while (family < cnn_family_count && place >= cnn_families[family]->count) {
        place -= cnn_families[family++]->count;
    }
    return family < cnn_family_count ? cnn_families[family]->ops[place].name : NULL;
}

static const char *format_at(size_t place)
{
    return place < CNN_FORMATS ? cnn_formats[place].name : NULL;
}

static const char *quantity_at(size_t place)
{
    return place < cnn_quantity_count ? cnn_quantities[place].name : NULL;
}

static const char *column_at(size_t place)
{
    static cnn_column column;
    size_t at = 0;
    for (size_t i = 0; i <= place; i++) {
        if (!cnn_column_next(&at, &column)) {
            return NULL;
        }
    }
    return column.name;
}

static const char *network_at(size_t place)
{
    return place < cnn_example_count ? cnn_examples[place].name : NULL;
}

static const char *tool_at(size_t place)
{
    return place < cnn_tool_count ? cnn_tools[place].name : NULL;
}

static const char *loss_at(size_t place)
{
    return place < cnn_loss_count ? cnn_losses[place].name : NULL;
}

static const char *dialect_at(size_t place)
{
    return place < cnn_dialect_count    ? cnn_dialects[place].name
           : place == cnn_dialect_count ? "layers"
                                        : NULL;
}

static const char *device_at(size_t place)
{
    static const char *const devices[] = {"cpu", "cuda", NULL};
    return devices[place];
}

static const char *topic_at(size_t place)
{
    return place < help_topic_count ? help_topics[place].name : NULL;
}

static const char *option_at(size_t place)
{
    static char name[32];
    if (place >= (size_t)options_count) {
        return NULL;
    }
    (void)snprintf(name, sizeof name, "--%s", options_table[place].name);
    return name;
}

static const struct {
    const char *name;
    name_at at;
} names[] = {
    {"layers", layer_at},   {"formats", format_at},           {"quantities", quantity_at},
    {"columns", column_at}, {"networks", network_at},         {"tools", tool_at},
    {"losses", loss_at},    {"dialects", dialect_at},         {"dtypes", cnn_dtype_at},
    {"devices", device_at}, {"optimizers", cnn_optimizer_at}, {"topics", topic_at},
    {"options", option_at},
};

bool pages_put_words(const char *name, const char *between)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i].name) != 0) {
            continue;
        }
        const char *word = names[i].at(0);
        for (size_t k = 0; word != NULL; word = names[i].at(++k)) {
            (void)printf("%s%s", k > 0 ? between : "", word);
        }
        return true;
    }
    return false;
}

/* ---- lists ---- */

static void begin_list(void)
{
    (void)puts(".Bl -tag -width Ds");
}

/* The text after a name: what there is of a table's row. */
static void put_item(const char *name, const char *text)
{
    (void)printf(".It Cm ");
    mdoc_words(name);
    (void)putchar('\n');
    mdoc_text(text);
}

static void end_list(void)
{
    (void)puts(".El");
}

static void put_options(void)
{
    begin_list();
    for (int i = 0; i < options_count; i++) {
        const option_row *row = &options_table[i];
        (void)printf(".It ");
        if (row->letter != 0) {
            (void)printf("Fl %c , ", row->letter);
        }
        (void)printf("Fl \\-%s", row->name);
        if (row->argument != NULL) {
            (void)printf(" Ar %s", row->argument);
        }
        (void)putchar('\n');
        mdoc_text(row->brief);
    }
    end_list();
}

/* What cnn_help_write writes, as it is. */
static bool put_markdown(void *user, const char *data, size_t size)
{
    struct {
        mdoc_markdown m;
        char line[1024];
        size_t used;
    } *to = user;
    for (size_t i = 0; i < size; i++) {
        if (data[i] != '\n') {
            to->line[to->used] = data[i];
            to->used += to->used + 1 < sizeof to->line;
            continue;
        }
        to->line[to->used] = '\0';
        mdoc_markdown_line(&to->m, to->line);
        to->used = 0;
    }
    return true;
}

static void put_layers(void)
{
    struct {
        mdoc_markdown m;
        char line[1024];
        size_t used;
    } page = {.m = {.fresh = true, .section = "Sh"}};
    cnn_writer to = {put_markdown, &page};
    (void)cnn_help_write(CNN_HELP_LAYERS, true, &to);
    mdoc_markdown_line(&page.m, NULL);
}

static void put_attributes(void)
{
    begin_list();
    for (int32_t i = 0; i < CNN_ATTRS; i++) {
        if (cnn_attr_names[i].letters != NULL && cnn_attr_names[i].letters[0] != '\0') {
            put_item(cnn_attr_names[i].letters, cnn_attr_names[i].what);
        }
    }
    end_list();
}

static void put_columns(void)
{
    cnn_column column;
    begin_list();
    for (size_t at = 0; cnn_column_next(&at, &column);) {
        put_item(column.name, column.brief);
    }
    end_list();
}

static void put_formats(void)
{
    begin_list();
    for (size_t i = 0; i < CNN_FORMATS; i++) {
        put_item(cnn_formats[i].name, cnn_formats[i].brief);
    }
    end_list();
}

static void put_networks(void)
{
    begin_list();
    for (size_t i = 0; i < cnn_example_count; i++) {
        put_item(cnn_examples[i].name, cnn_examples[i].brief);
    }
    end_list();
}

static void put_dialects(void)
{
    begin_list();
    for (size_t i = 0; i < cnn_dialect_count; i++) {
        put_item(cnn_dialects[i].name, cnn_dialects[i].what);
    }
    end_list();
}

static void put_mistakes(void)
{
    begin_list();
    for (size_t i = 0; i < cnn_mistake_count(); i++) {
        put_item(cnn_mistake_at(i)->id, cnn_mistake_at(i)->sentence);
    }
    end_list();
}

static void put_tools(void)
{
    begin_list();
    for (size_t i = 0; i < cnn_tool_count; i++) {
        put_item(cnn_tools[i].name, cnn_tools[i].version);
    }
    end_list();
}

static void put_statuses(void)
{
    begin_list();
    for (int i = 0; i < EXIT_STATUSES; i++) {
        put_item((char[]){(char)('0' + i), '\0'}, exit_meanings[i]);
    }
    end_list();
}

static void put_examples(void)
{
    mdoc_markdown m = {.fresh = true, .section = "Sh"};
    for (size_t i = 0; i < example_count; i++) {
        char line[512];
        (void)snprintf(line, sizeof line, "    %s", examples[i].command);
        mdoc_markdown_line(&m, "");
        mdoc_markdown_line(&m, examples[i].brief);
        mdoc_markdown_line(&m, "");
        mdoc_markdown_line(&m, line);
    }
    mdoc_markdown_line(&m, NULL);
}

static const struct {
    const char *name;
    void (*put)(void);
} blocks[] = {
    {"options", put_options},   {"layers", put_layers},     {"attributes", put_attributes},
    {"columns", put_columns},   {"formats", put_formats},   {"networks", put_networks},
    {"dialects", put_dialects}, {"mistakes", put_mistakes}, {"tools", put_tools},
    {"statuses", put_statuses}, {"examples", put_examples}, {"bash", pages_put_bash},
    {"zsh", pages_put_zsh},     {"fish", pages_put_fish},
};

bool pages_put_block(const char *name)
{
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        if (strcmp(name, blocks[i].name) == 0) {
            blocks[i].put();
            return true;
        }
    }
    return false;
}
