/* What quantities are computed from: settings as numbers, and the work that is done once for all
 * layers. */
#include "base/checked.h"
#include "measure/quantity.h"

cnn_kept_form cnn_numbers_kept_form(const cnn_numbers *numbers)
{
    return (cnn_kept_form){
        .way = &numbers->way, .samples = numbers->samples, .value_bytes = numbers->value_bytes};
}

void cnn_numbers_take_kept(cnn_numbers *numbers, const cnn_kept_value *kept)
{
    const cnn_kept_form form = cnn_numbers_kept_form(numbers);
    numbers->kept = kept;
    if (!cnn_kept_bytes(&numbers->training, &form, &numbers->kept_total)) {
        numbers->kept_total = -1;
    }
}

static const struct {
    const char *name;
    int32_t bits;
} dtypes[] = {{"f32", 32}, {"f16", 16}, {"bf16", 16}, {"f64", 64},
              {"i8", 8},   {"i4", 4},   {"i2", 2},    {"i1", 1}};

const char *cnn_dtype_at(size_t place)
{
    return place < CNN_LENGTH(dtypes) ? dtypes[place].name : NULL;
}

/* 0: there is no such type. */
static int32_t bits_of(cnn_text name)
{
    for (size_t i = 0; i < CNN_LENGTH(dtypes); i++) {
        if (cnn_text_is(name, dtypes[i].name)) {
            return dtypes[i].bits;
        }
    }
    return 0;
}

/* "i8", or "i4,i8": of weights, and of activations, which fill bytes. */
bool cnn_numbers_begin(cnn_numbers *out, const cnn_network *net, cnn_text dtype, int32_t samples,
                       cnn_error *err)
{
    const cnn_text all = dtype.size > 0 ? dtype : cnn_text_of("f32");
    cnn_text rest = all;
    const cnn_text weights = cnn_text_split(&rest, ',');
    const cnn_text values = rest.size > 0 ? rest : weights;
    const int32_t weight_bits = bits_of(weights), value_bits = bits_of(values);
    if (weight_bits == 0 || value_bits < 8) {
        err->source = CNN_SOURCE_DTYPE;
        return cnn_fail_words(err, CNN_E_DTYPE, (cnn_span){0, (uint32_t)dtype.size}, dtype,
                              (cnn_text){0});
    }
    *out = (cnn_numbers){.net = net,
                         .train_peak = -1,
                         .samples = samples > 0 ? samples : 1,
                         .value_bytes = value_bits / 8,
                         .weight_bits = weight_bits,
                         .dtype = all};
    return true;
}

bool cnn_numbers_train(cnn_numbers *numbers, cnn_text name, cnn_text device, cnn_text checkpoint,
                       cnn_error *err)
{
    numbers->checkpoint = checkpoint;
    numbers->trains = name.size > 0;
    return cnn_training_way_read(name, device, &numbers->way, err);
}

bool cnn_numbers_checkpoint(cnn_numbers *numbers, cnn_arena *arena, cnn_error *err)
{
    if (numbers->checkpoint.size > 0 && numbers->parts == NULL) {
        numbers->parts = cnn_checkpoint_parts(numbers->net, numbers->checkpoint, arena, err);
    }
    return numbers->checkpoint.size == 0 || numbers->parts != NULL;
}

static bool find_kept(cnn_numbers *numbers, cnn_arena *arena, cnn_error *err)
{
    if (!cnn_numbers_checkpoint(numbers, arena, err)) {
        return false;
    }
    const cnn_kept_value *kept = cnn_network_kept(numbers->net, numbers->parts, numbers->samples,
                                                  false, arena, &numbers->training);
    if (kept == NULL) {
        return cnn_fail_memory(err);
    }
    numbers->effort += numbers->net->layer_count;
    cnn_numbers_take_kept(numbers, kept);
    return true;
}

static bool find_train_peak(cnn_numbers *numbers, const cnn_arena *arena, cnn_error *err)
{
    const cnn_kept_form form = cnn_numbers_kept_form(numbers);
    numbers->effort += numbers->net->layer_count;
    return cnn_network_train_peak(numbers->net, numbers->kept, numbers->parts, &form,
                                  numbers->kept_total, *arena, &numbers->train_peak) ||
           cnn_fail_memory(err);
}

bool cnn_numbers_prepare(cnn_numbers *numbers, uint32_t needs, cnn_arena *arena, cnn_error *err)
{
    const cnn_network *net = numbers->net;
    if ((needs & CNN_NEEDS_MEMORY) != 0 && numbers->memory == NULL) {
        numbers->memory = cnn_network_memory(net, arena);
        numbers->effort += net->layer_count;
        if (numbers->memory == NULL) {
            return cnn_fail_memory(err);
        }
    }
    if ((needs & CNN_NEEDS_RAM) != 0 && numbers->ram == 0 &&
        !cnn_network_ram(net, *arena, &numbers->ram, &numbers->ram_bound, &numbers->effort, err)) {
        return false;
    }
    if ((needs & (CNN_NEEDS_KEPT | CNN_NEEDS_TRAINED)) != 0 && numbers->kept == NULL &&
        !find_kept(numbers, arena, err)) {
        return false;
    }
    if ((needs & CNN_NEEDS_TRAIN_PEAK) != 0 && !find_train_peak(numbers, arena, err)) {
        return false;
    }
    if ((needs & CNN_NEEDS_FIELDS) != 0 && numbers->fields == NULL) {
        numbers->fields = cnn_network_fields(net, arena, &numbers->effort, err);
    }
    return (needs & CNN_NEEDS_FIELDS) == 0 || numbers->fields != NULL;
}
