// Read by jupyter-builder. By default the number of a module is made from its absolute path, and so the bundle from the folder
// that it was built in; numbers by the order of imports make the same bundle everywhere. Nor may short names be given by how
// often letters occur: the file names that are counted then still hold hashes of paths.
const { rspack } = require('@rspack/core');

module.exports = {
  optimization: {
    moduleIds: 'natural',
    minimizer: [new rspack.SwcJsMinimizerRspackPlugin({ minimizerOptions: { mangle: { disableCharFreq: true } } })]
  }
};
