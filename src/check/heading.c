/* Reading the first line of a sheet. */
#include "check/heading.h"

#include "report/report.h"

/* What tools and courses call a quantity, besides the words of its own table. */
static const struct {
    const char *written, *name;
} synonyms[] = {
    {"activation shape", "output"},
    {"output shape", "output"},
    {"output size", "output"},
    {"output dims", "output"},
    {"out shape", "output"},
    {"ausgabe", "output"},
    {"ausgabeform", "output"},
    {"ausgabegr\xC3\xB6\xC3\x9F"
     "e",
     "output"},
    {"ausgabegroesse", "output"},
    {"eingabe", "input"},
    {"input shape", "input"},
    {"input size", "input"},
    {"activation size", "activations"},
    {"neurons", "activations"},
    {"neuronen", "activations"},
    {"param.", "params"},
    {"params count", "params"},
    {"total params", "params"},
    {"total parameters", "params"},
    {"trainable params", "params"},
    {"non-trainable params", "statistics"},
    {"gewichte", "weights"},
    {"mult-adds", "macs"},
    {"multiply-adds", "macs"},
    {"mult adds", "macs"},
    {"receptive field", "rf"},
    {"rezeptives feld", "rf"},
    {"n", "output"},
    {"r", "rf"},
    {"j", "jump"},
    {"speicher", "memory"},
};

static const char *const index_words[] = {"index", "#", "no", "no.", "nr", "nr.", "idx"};
static const char *const layer_words[] = {"layer",     "name", "layers",  "module",
                                          "operation", "op",   "schicht", "row"};

static bool among(cnn_text name, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cnn_text_is(name, words[i])) {
            return true;
        }
    }
    return false;
}

/* "# parameters", "number of parameters", "Param #", "total params" */
static cnn_text without_number_words(cnn_text name)
{
    static const char *const words[] = {"#", "no. of ", "number of ", "num ", "nr. of ", "anzahl "};
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        const size_t size = cnn_text_of(words[i]).size;
        if (name.size > size && cnn_text_is((cnn_text){name.data, size}, words[i])) {
            name = cnn_text_trim(cnn_text_skip(name, size));
        }
    }
    while (name.size > 1 && name.data[name.size - 1] == '#') {
        name.size--;
        name = cnn_text_trim(name);
    }
    return name;
}

const cnn_quantity *cnn_quantity_written(cnn_text name, bool *share)
{
    *share = false;
    const cnn_quantity *found = cnn_quantity_find(name);
    found = found != NULL ? found : cnn_quantity_find(without_number_words(name));
    for (size_t i = 0; i < CNN_LENGTH(synonyms) && found == NULL; i++) {
        found = cnn_text_is(without_number_words(name), synonyms[i].written)
                    ? cnn_quantity_named(synonyms[i].name)
                    : NULL;
    }
    for (size_t i = 0; i < cnn_quantity_count && found == NULL; i++) {
        const char *percent = cnn_quantities[i].share.percent;
        if (percent != NULL && cnn_text_is(name, percent)) {
            found = &cnn_quantities[i];
            *share = true;
        }
    }
    if (found == NULL && cnn_text_is(name, "share")) {
        found = cnn_quantity_named("params");
        *share = true;
    }
    return found;
}

/* "params (M)", "memory [MiB]": the name, and the unit in the column, which is read as of a number.
 */
static cnn_text take_unit(cnn_text name, cnn_sheet_column *column)
{
    char number[40] = "1 ";
    size_t open = 0, size = 2;
    while (open < name.size && name.data[open] != '(' && name.data[open] != '[') {
        open++;
    }
    if (open == 0 || open == name.size) {
        return name;
    }
    for (size_t i = open + 1; i < name.size && size < sizeof number; i++) {
        if (name.data[i] == ')' || name.data[i] == ']') {
            break;
        }
        number[size++] = name.data[i];
    }
    cnn_text text = {number, size};
    cnn_amount unit;
    cnn_error ignored = {0};
    if (cnn_amount_read(&text, CNN_FIGURES_BARE, text, &unit, &ignored) && text.size == 0) {
        column->power = unit.power;
        column->binary = unit.binary;
        column->share = unit.percent;
    }
    return cnn_text_trim((cnn_text){name.data, open});
}

static bool fail_column(cnn_text name, cnn_text all, cnn_text best, cnn_error *err)
{
    const uint32_t begin = (uint32_t)(name.data - all.data);
    return cnn_fail_words(err, CNN_E_CLAIM_QUANTITY, (cnn_span){begin, begin + (uint32_t)name.size},
                          name, best);
}

static cnn_text nearest_to(cnn_text name)
{
    cnn_nearest nearest = cnn_nearest_to(name);
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        cnn_nearest_offer(&nearest, cnn_text_of(cnn_quantities[i].name));
    }
    return nearest.best;
}

/* One heading. What is near a name is a slip, anything else a column of other things. */
static bool read_column(cnn_heading *h, int32_t number, cnn_text name, cnn_text all, cnn_error *err)
{
    cnn_sheet_column *column = &h->column[number];
    const cnn_text plain = take_unit(name, column);
    const bool percent = column->share;
    if (h->index < 0 && among(plain, index_words, CNN_LENGTH(index_words))) {
        h->index = number;
        return true;
    }
    if (h->layer < 0 && among(plain, layer_words, CNN_LENGTH(layer_words))) {
        h->layer = number;
        return true;
    }
    column->what = cnn_quantity_written(plain, &column->share);
    column->share = column->share || percent;
    if (column->what != NULL || name.size == 0 || cnn_column_known(plain)) {
        return true;
    }
    h->unknown = true;
    const cnn_text best = nearest_to(plain);
    return best.size == 0 || fail_column(plain, all, best, err);
}

bool cnn_heading_read(cnn_heading *h, cnn_text line, cnn_text all, cnn_error *err)
{
    cnn_text cells[CNN_MOST_CELLS];
    bool any = false;
    *h = (cnn_heading){.index = -1, .layer = -1};
    if (!cnn_cells_open(&h->cells, line, cells)) {
        return false;
    }
    for (int32_t i = 0; i < h->cells.count; i++) {
        if (!read_column(h, i, cells[i], all, err)) {
            return false;
        }
        any = any || h->column[i].what != NULL;
    }
    h->cells.flexible = h->layer;
    return any && (h->index >= 0 || h->layer >= 0);
}
