/* What a batch is asked for, read once: its columns, the input of lists that give none, options. */
#include "base/arena.h"
#include "base/error.h"
#include "batch/batch.h"
#include "report/report.h"

/* ---- columns ---- */

bool cnn_batch_column_next(size_t *at, cnn_batch_column *out)
{
    static const cnn_batch_column line = {
        .name = "line", .brief = "the line's number, from 1", .standard = true};
    static const cnn_batch_column error = {
        .name = "error",
        .brief = "what is wrong with the list, and at which column of the line",
        .standard = true,
        .error = true};
    const size_t i = (*at)++;
    if (i == 0 || i > cnn_quantity_count) {
        *out = i == 0 ? line : error;
        return i <= cnn_quantity_count + 1;
    }
    const cnn_quantity *what = &cnn_quantities[i - 1];
    *out = (cnn_batch_column){.name = what->name,
                              .brief = what->brief,
                              .standard = (what->shown & CNN_IN_BATCH) != 0,
                              .quantity = what};
    return true;
}

static bool find_column(cnn_text name, cnn_batch_column *out, cnn_nearest *nearest)
{
    for (size_t at = 0; cnn_batch_column_next(&at, out);) {
        if (cnn_text_is(name, out->name)) {
            return true;
        }
        cnn_nearest_offer(nearest, cnn_text_of(out->name));
    }
    return false;
}

/* Whether it is a sum over layers which are seen one by one. */
static bool is_kept(const cnn_quantity *what)
{
    enum { SEEN = CNN_NEEDS_KEPT | CNN_NEEDS_TRAINED };
    return what->network != NULL && (what->needs & SEEN) != 0 &&
           (what->needs & ~(uint32_t)SEEN) == 0;
}

/* A column that is named twice is shown once. False: there is no room. */
static bool add_column(cnn_batch *batch, const cnn_batch_column *column)
{
    for (int32_t i = 0; i < batch->column_count; i++) {
        if (batch->columns[i].name == column->name) {
            return true;
        }
    }
    if (batch->column_count == CNN_BATCH_COLUMNS) {
        return false;
    }
    batch->columns[batch->column_count++] = *column;
    const bool cheap = cnn_batch_cheap(column->quantity),
               kept = !cheap && is_kept(column->quantity);
    batch->keeping = batch->keeping || kept;
    batch->layers = batch->layers || !(cheap || kept);
    batch->needs |= column->quantity != NULL ? column->quantity->needs : 0;
    return true;
}

static bool add_standard(cnn_batch *batch, bool error)
{
    cnn_batch_column column;
    bool room = true;
    for (size_t at = 0; cnn_batch_column_next(&at, &column);) {
        room = room && (!column.standard || column.error != error || add_column(batch, &column));
    }
    return room;
}

static bool fail_columns(cnn_text all, cnn_text name, int32_t code, cnn_text nearest,
                         cnn_error *err)
{
    const uint32_t begin = (uint32_t)(name.data - all.data);
    err->source = CNN_SOURCE_COLUMNS;
    return cnn_fail_words(err, code, (cnn_span){begin, begin + (uint32_t)name.size}, name, nearest);
}

/* "a,b" names the columns; "+a" anywhere adds to the default, before the error. */
static bool choose_columns(cnn_batch *batch, cnn_text all, cnn_error *err)
{
    bool adds = all.size == 0;
    for (size_t i = 0; i < all.size; i++) {
        adds = adds || all.data[i] == '+';
    }
    bool room = !adds || add_standard(batch, false);
    for (cnn_text rest = all; rest.size > 0;) {
        cnn_text name = cnn_text_trim(cnn_text_split(&rest, ','));
        if (name.size > 0 && name.data[0] == '+') {
            name = (cnn_text){name.data + 1, name.size - 1};
        }
        cnn_nearest nearest = cnn_nearest_to(name);
        cnn_batch_column column;
        if (!find_column(name, &column, &nearest)) {
            return fail_columns(all, name, name.size > 0 ? CNN_E_COLUMN : CNN_E_NO_COLUMNS,
                                nearest.best, err);
        }
        room = room && add_column(batch, &column);
    }
    room = room && (!adds || add_standard(batch, true));
    return room || fail_columns(all, all, CNN_E_MANY_COLUMNS, (cnn_text){0}, err);
}

/* The keys are the same in all rows. */
static bool make_keys(cnn_batch *batch, cnn_arena *arena, cnn_error *err)
{
    for (int32_t i = 0; i < batch->column_count; i++) {
        const cnn_text name = cnn_text_of(batch->columns[i].name);
        char *key = CNN_NEW_ARRAY(arena, char, name.size + 4);
        if (key == NULL) {
            return cnn_fail_memory(err);
        }
        memcpy(key, ",\"", 2);
        memcpy(key + 2, name.data, name.size);
        memcpy(key + 2 + name.size, "\":", 2);
        batch->keys[i] = (cnn_text){key, name.size + 4};
    }
    return true;
}

/* ---- options ---- */

/* The standard input. One that is wrong is wrong for every line; a list that does nothing shows it.
 */
static bool read_input(cnn_batch *batch, cnn_arena scratch, cnn_error *err)
{
    const cnn_settings settings = {.input = batch->settings.standard_input};
    cnn_network net;
    if (cnn_network_read(&scratch, cnn_text_of("id"), &settings, &net, err)) {
        batch->standard = net.layers[0].out;
        return true;
    }
    if (err->source == CNN_SOURCE_LAYERS) { /* that list is ours: the input is what is wrong */
        err->source = CNN_SOURCE_INPUT;
        err->span = (cnn_span){0, (uint32_t)settings.input.size};
        err->call = (cnn_span){0, 0};
    }
    return false;
}

const cnn_batch *cnn_batch_make(cnn_arena *arena, const cnn_batch_options *options, cnn_error *err)
{
    cnn_batch *batch = CNN_NEW(arena, cnn_batch);
    if (batch == NULL) {
        cnn_fail_memory(err);
        return NULL;
    }
    batch->settings = (cnn_settings){.standard_input = options->input,
                                     .defines = options->defines,
                                     .define_count = options->define_count};
    batch->layers = batch->layers || options->fold || options->checkpoint.size > 0;
    batch->fold = options->fold;
    batch->network = options->network;
    batch->user = options->user;
    const cnn_text format = options->format.size > 0 ? options->format : cnn_text_of("tsv");
    batch->format = cnn_format_for(format, CNN_TASK_BATCH, err);
    const bool done =
        batch->format != NULL && choose_columns(batch, options->columns, err) &&
        make_keys(batch, arena, err) &&
        cnn_numbers_begin(&batch->numbers, NULL, options->dtype, options->samples, err) &&
        cnn_numbers_train(&batch->numbers, options->train, options->device, options->checkpoint,
                          err) &&
        read_input(batch, *arena, err);
    return done ? batch : NULL;
}
