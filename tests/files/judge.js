// What onnxruntime makes of models: node judge.js LIST, where npm's onnxruntime-node is installed.
// A line of the list is a file, a tab and what is fed: "x:1x2x7x7 c:scalar b:4@0" (@: the value).
const ort = require('onnxruntime-node');
const fs = require('fs');
const arrays = {
    bool: Uint8Array, int64: BigInt64Array, int32: Int32Array, uint8: Uint8Array, int8: Int8Array,
    float16: Uint16Array, float64: Float64Array, float32: Float32Array
};

function feed(text, types) {
    const fed = {};
    for (const part of text.split(' ').filter(Boolean)) {
        const at = part.lastIndexOf(':');
        const [size, value] = part.slice(at + 1).split('@');
        const dims = size === 'scalar' ? [] : size.split('x').map(Number);
        const type = types[part.slice(0, at)];
        const data = new arrays[type](dims.reduce((a, b) => a * b, 1));
        data.fill(type === 'int64' ? BigInt(value || 1) : Number(value || 1));
        fed[part.slice(0, at)] = new ort.Tensor(type, data, dims);
    }
    return fed;
}

async function judge(path, text) {
    const session = await ort.InferenceSession.create(path, {graphOptimizationLevel: 'disabled', logSeverityLevel: 4});
    const types = Object.fromEntries(session.inputMetadata.map(m => [m.name, m.type]));
    const results = await session.run(feed(text, types));
    return session.outputNames.map(n => n + ':' + (results[n].dims.join('x') || 'scalar')).join(' ');
}

(async () => {
    for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean)) {
        const [path, text] = line.split('\t');
        console.log(path + '\t' + await judge(path, text || '').catch(() => 'error'));
    }
})();
