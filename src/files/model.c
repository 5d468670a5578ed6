/* From a file to totals: read, size the inputs, work through the graph, add up. */
#include "files/model.h"

#include "base/checked.h"

cnn_text cnn_call_name(const cnn_call *c)
{
    const cnn_onnx_name *out = c->node->outputs.first;
    return c->node->name.size > 0 || out == NULL || out->symbol == NULL ? c->node->name
                                                                        : out->symbol->text;
}

bool cnn_call_costs(const cnn_call *c)
{
    return !c->hidden && !c->function &&
           (c->weights > 0 || c->biases > 0 || c->statistics > 0 || c->macs > 0 || c->unclear);
}

static bool add_up(cnn_model *m)
{
    bool fits = true;
    for (int32_t i = 0; i < m->machine.count; i++) {
        const cnn_call *c = &m->machine.calls[i];
        fits = fits && cnn_checked_add(m->weights, c->weights, &m->weights) &&
               cnn_checked_add(m->biases, c->biases, &m->biases) &&
               cnn_checked_add(m->statistics, c->statistics, &m->statistics) &&
               cnn_checked_add(m->weight_bytes, c->weight_bytes, &m->weight_bytes);
        if (c->hidden || c->function) {
            continue;
        }
        fits = fits && cnn_checked_add(m->macs, c->macs, &m->macs);
        m->product_macs += c->products ? c->macs : 0;
        m->unclear += c->unclear;
        bool open = false;
        for (int32_t k = 0; k < c->outs; k++) {
            open = open || (!c->out[k]->sequence && !cnn_sizes_known(&c->out[k]->dims));
        }
        m->shapeless += open;
        if ((c->unclear || open) && m->first_unclear == NULL) {
            m->first_unclear = c;
        }
    }
    int64_t flops;
    fits = fits && cnn_checked_add(m->weights, m->biases, &m->params) &&
           cnn_checked_mul(m->macs, 2, &flops);
    if (!fits) {
        m->machine.err->source = CNN_SOURCE_FILE;
        m->machine.err->word[0] = cnn_text_of("the model");
    }
    return fits || cnn_fail(m->machine.err, CNN_E_NODE_OVERFLOW, (cnn_span){0, 0});
}

/* The inputs that are no constants, or the outputs. */
static bool list_ports(cnn_model *m, const cnn_onnx_port *first, bool outputs, cnn_port **list,
                       int32_t *count)
{
    int32_t all = 0;
    for (const cnn_onnx_port *p = first; p != NULL; p = p->next) {
        all++;
    }
    *list = CNN_NEW_ARRAY(m->machine.arena, cnn_port, all + 1);
    if (*list == NULL) {
        return cnn_fail_memory(m->machine.err);
    }
    for (const cnn_onnx_port *p = first; p != NULL; p = p->next) {
        const cnn_value *value = p->name == NULL ? NULL : p->name->value;
        if (value == NULL && outputs) {
            m->machine.err->source = CNN_SOURCE_FILE;
            cnn_fail_words(m->machine.err, CNN_E_MODEL_UNMADE, (cnn_span){0, 0},
                           cnn_text_of("output"), p->name == NULL ? (cnn_text){0} : p->name->text);
            return false;
        }
        if (outputs) {
            p->name->value->readers++;
        }
        if (outputs || (value != NULL && value->tensor == NULL)) {
            (*list)[(*count)++] = (cnn_port){p->name, value};
        }
    }
    return true;
}

/* The first output without its batch. */
static void find_output(cnn_model *m)
{
    m->output.rank = CNN_SOME;
    if (m->output_count == 0 || m->outputs[0].value->dims.rank < 0) {
        return;
    }
    const cnn_sizes *dims = &m->outputs[0].value->dims;
    m->output.rank = dims->rank > 0 ? dims->rank - 1 : 0;
    memcpy(m->output.size, dims->size + 1, (size_t)m->output.rank * sizeof *dims->size);
}

static bool check_opset(const cnn_onnx_model *onnx, cnn_error *err)
{
    for (const cnn_onnx_import *i = onnx->imports; i != NULL; i = i->next) {
        if (i->domain.size == 0 && (i->version < 1 || i->version > CNN_NEWEST_OPSET)) {
            err->source = CNN_SOURCE_FILE;
            return cnn_fail_numbers(err, CNN_E_MODEL_OPSET, (cnn_span){0, 0}, i->version,
                                    CNN_NEWEST_OPSET);
        }
    }
    return true;
}

/* Constants of the graph come first, so that inputs with a default are known as such. */
static bool work(cnn_model *m, const cnn_text *inputs, int32_t count)
{
    cnn_machine *machine = &m->machine;
    cnn_frame *frame = CNN_NEW(machine->arena, cnn_frame);
    if (frame == NULL || !cnn_arena_align_low(machine->arena)) {
        return cnn_fail_memory(machine->err);
    }
    machine->calls = (cnn_call *)(void *)machine->arena->low;
    frame->imports = m->onnx.imports;
    return cnn_bind_tensors(machine, &m->onnx.graph) && cnn_model_size_inputs(m, inputs, count) &&
           list_ports(m, m->onnx.graph.inputs, false, &m->inputs, &m->input_count) &&
           cnn_run_graph(machine, frame, &m->onnx.graph) &&
           list_ports(m, m->onnx.graph.outputs, true, &m->outputs, &m->output_count) && add_up(m);
}

bool cnn_model_read(cnn_arena *arena, const cnn_byte_source *from, const cnn_text *inputs,
                    int32_t input_count, cnn_model **out, cnn_error *err)
{
    cnn_model *m = CNN_NEW(arena, cnn_model);
    if (m == NULL) {
        return cnn_fail_memory(err);
    }
    if (!cnn_onnx_read(from, arena, &m->onnx, err) || !check_opset(&m->onnx, err)) {
        return false;
    }
    m->machine = (cnn_machine){.arena = arena, .model = &m->onnx, .err = err};
    m->machine.scratch.dims.rank = CNN_SOME;
    m->machine.left_out.dims.rank = CNN_SOME;
    if (!work(m, inputs, input_count)) {
        return false;
    }
    find_output(m);
    *out = m;
    return true;
}
